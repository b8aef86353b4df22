import FunctionKit

/// Gives back what it is called with: status 200, the body as it came, and what it saw of the request as headers.
@main struct Echo: Function {
    func handle(_ request: Request, _ context: Context) -> Response {
        let type = request.headers["content-type"] ?? "application/octet-stream"
        return .bytes(request.body, type: type)
            .with("Echo-Method", request.method)
            .with("Echo-Path", request.path)
            .with("Echo-Query", request.query)
    }
}
