import FunctionKit

/// Gives back each piece of the body as it comes.
@main struct BenchStream: StreamingFunction {
    func handle(_ request: Request, _ body: BodyReader, _ answer: ResponseWriter, _ context: Context) throws {
        try answer.start()
        while let piece = try body.next() { try answer.write(piece) }
    }
}
