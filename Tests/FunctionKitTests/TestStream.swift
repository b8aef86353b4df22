import FunctionKit

/// A streaming function that gives back what comes, piece by piece.
struct TestStream: StreamingFunction {
    func handle(_ request: Request, _ body: BodyReader, _ answer: ResponseWriter, _ context: Context) throws {
        switch request.path {
        case "/nothing": return
        case "/late":
            try answer.write("begun")
            throw FunctionError("Late", "too late for a status", status: 404)
        default:
            try answer.start(status: 201, headers: ["A": "b"])
            while let bytes = try body.next() { try answer.write(bytes) }
        }
    }
}
