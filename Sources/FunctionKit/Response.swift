/// What a function answers.
///
/// ```swift
/// return .text("Hello")
/// return .json(#"{"ok": true}"#)
/// return .bytes(image, type: "image/png")
/// return .status(404)
/// ```
public struct Response: Sendable, Equatable {
    /// The HTTP status, 100 to 599.
    public var status: Int
    /// The headers.
    public var headers: Headers
    /// The body.
    public var body: [UInt8]

    /// Makes a response from its parts.
    public init(status: Int = 200, headers: Headers = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Answers with plain text.
    public static func text(_ text: String, status: Int = 200) -> Response {
        .bytes(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    /// Answers with JSON that is already written.
    public static func json(_ text: String, status: Int = 200) -> Response {
        .bytes(Array(text.utf8), type: "application/json", status: status)
    }

    /// Answers with bytes of a media type.
    public static func bytes(
        _ bytes: [UInt8],
        type: String = "application/octet-stream",
        status: Int = 200
    ) -> Response {
        Response(status: status, headers: ["Content-Type": type], body: bytes)
    }

    /// Answers with a status and nothing else.
    public static func status(_ status: Int) -> Response { Response(status: status) }

    /// The body as text; what is not UTF-8 is repaired.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The same response with one more header.
    public func with(_ name: String, _ value: String) -> Response {
        var copy = self
        copy.headers.append(name, value)
        return copy
    }
}
