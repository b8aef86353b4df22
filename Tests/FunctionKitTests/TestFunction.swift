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
