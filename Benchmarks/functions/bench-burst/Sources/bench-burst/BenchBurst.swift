import FunctionKit

/// Gives back the body it is called with, from a process that is started for this one call.
@main struct BenchBurst: Function {
    func handle(_ request: Request, _ context: Context) -> Response { .bytes(request.body) }
}
