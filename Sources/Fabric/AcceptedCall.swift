package import Domain

/// An asynchronous call as it is put on disk before it is acknowledged.
package struct AcceptedCall: Sendable, Equatable {
    /// A caller's promise that calls with the same key are the same call.
    package struct Idempotency: Sendable, Equatable {
        package let key: String
        /// SHA-256 over method, path, query and body, in hexadecimal: tells a repetition from a misused key.
        package let fingerprint: String

        package init(key: String, fingerprint: String) {
            self.key = key
            self.fingerprint = fingerprint
        }
    }

    /// Its record in state `queued`.
    package let record: ExecutionRecord
    package let request: CallRequest
    package let body: [UInt8]
    /// Where the answer is to be sent.
    package let callbackURL: String?
    package let idempotency: Idempotency?
    /// The public id of the token it was made with, if any: who may follow it.
    package let tokenID: String?
    /// W3C traceparent to hand to the function.
    package let traceparent: String?

    package init(
        record: ExecutionRecord,
        request: CallRequest,
        body: [UInt8],
        callbackURL: String? = nil,
        idempotency: Idempotency? = nil,
        tokenID: String? = nil,
        traceparent: String? = nil
    ) {
        self.record = record
        self.request = request
        self.body = body
        self.callbackURL = callbackURL
        self.idempotency = idempotency
        self.tokenID = tokenID
        self.traceparent = traceparent
    }
}
