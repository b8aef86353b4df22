import HTTPTypes

extension HTTPField.Name {
    /// A name of ours; all are valid tokens, so the fallback is never taken.
    private static func own(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .from }

    static let godwitDigest = own("Godwit-Digest")
    static let godwitError = own("Godwit-Error")
    static let callID = own("X-Call-Id")
    static let callbackURL = own("X-Callback-Url")
    static let idempotencyKey = own("Idempotency-Key")
    static let preference = own("Godwit-Prefer")
    static let timeout = own("X-Timeout")
    static let peerCaller = own(PeerCaller.header)
    static let traceparent = own("traceparent")
}
