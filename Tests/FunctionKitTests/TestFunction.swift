import FunctionKit
import Synchronization

/// A function that does, by path, what a test wants to see.
struct TestFunction: Function, AsyncFunction {
    struct Oops: Error, CustomStringConvertible { var description: String { "oops" } }

    init() {}

    mutating func initialise() {}

    func handle(_ request: Request, _ context: Context) throws -> Response {
        switch request.path {
        case "/big": return .bytes([UInt8](repeating: 5, count: 1_000_000))
        case "/fail": throw Oops()
        case "/404": throw FunctionError("NotFound", "no", status: 404)
        case "/bad": return Response(status: 42)
        case "/fetch":
            // Synchronous functions wait in their thread.
            let answer = try context.http.request("POST", request.text, headers: ["X-A": "b"], body: request.body)
            return Response(status: answer.status, body: answer.body)
        case "/log":
            context.logger.warning("careful")
            context.metrics.gauge("level", 2)
            return .status(204)
        case "/cancel":
            while !context.isCancelled {}
            return .text("never seen")
        case "/context":
            return .text(
                "\(context.callID) \(context.functionName) \(context.version) \(context.remaining > .seconds(5))"
            )
        default: return .bytes(request.body, type: "text/plain")
        }
    }
}
