/// What a function is called with.
public struct Request: Sendable {
    /// The HTTP method, such as `POST`.
    public var method: String
    /// The path after the function's name, still percent-encoded; `/` when there is none.
    public var path: String
    /// What stands after the question mark, as it came.
    public var query: String
    /// The headers.
    public var headers: Headers
    /// The whole body.
    ///
    /// Empty in a `StreamingFunction`, which reads the body piece by piece.
    public var body: [UInt8]

    /// Makes a request, as a test of a function does.
    public init(
        method: String = "POST",
        path: String = "/",
        query: String = "",
        headers: Headers = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Makes a request whose body is text, as a test of a function does.
    public init(_ text: String, path: String = "/", query: String = "", headers: Headers = [:]) {
        self.init(path: path, query: query, headers: headers, body: Array(text.utf8))
    }

    init(_ head: RequestHead, body: [UInt8] = []) {
        self.init(
            method: head.method,
            path: head.path,
            query: head.query,
            headers: Headers(fields: head.headers),
            body: body
        )
    }

    /// The body as text; what is not UTF-8 is repaired.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
