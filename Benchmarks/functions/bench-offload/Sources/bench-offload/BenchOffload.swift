import FunctionKit

/// Gives back the body it is called with, and does nothing else.
@main struct BenchOffload: Function {
    func handle(_ request: Request, _ context: Context) -> Response { .bytes(request.body) }
}
