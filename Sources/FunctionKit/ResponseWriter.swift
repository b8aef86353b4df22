/// The response to a call, piece by piece.
public struct ResponseWriter: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    /// Sends status and headers.
    ///
    /// Without it, the first `write` does so with status 200 and no headers.
    ///
    /// - Throws: an error when the response has begun already, or when nobody waits for it.
    public func start(status: Int = 200, headers: Headers = [:]) throws {
        try call.begin(ResponseHead.checked(status: status, headers: headers))
    }

    /// Sends bytes of the body; waits while the caller is behind.
    ///
    /// - Throws: `FunctionError.cancelled` when nobody waits for the call any more.
    public func write(_ bytes: [UInt8]) throws {
        if !call.hasBegun { try start() }
        try call.sendBody(bytes, isEnd: false)
    }

    /// Sends text of the body; waits while the caller is behind.
    public func write(_ text: String) throws { try write(Array(text.utf8)) }
}
