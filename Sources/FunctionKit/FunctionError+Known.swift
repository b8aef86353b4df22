extension FunctionError {
    /// Nobody waits for the call any more; thrown by what reads a body or writes an answer.
    public static let cancelled = FunctionError("Cancelled", "the call was cancelled")

    /// The node is gone; the instance is about to end.
    static let disconnected = FunctionError("Disconnected", "the node is gone")

    static func bodyTooLong(limit: Int) -> FunctionError {
        FunctionError("BodyTooLong", "the body has more than \(limit) bytes", status: 413)
    }

    /// What any error says of itself on the wire.
    init(describing error: any Error) {
        if let error = error as? FunctionError {
            self = error
        } else {
            self.init(String(describing: Swift.type(of: error)), String(describing: error))
        }
    }

    /// The response that a handler's error is, where it names a status: a problem document (RFC 9457).
    package var response: Response? {
        guard let status, (100...599).contains(status) else { return nil }
        let text = """
            {"title":\(JSONText.quoted(type)),"status":\(status),"detail":\(JSONText.quoted(message))}
            """
        return .bytes(Array(text.utf8), type: "application/problem+json", status: status)
    }
}
