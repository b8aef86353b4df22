/// One request that a call made through the egress broker, for the call's record.
package struct EgressRequest: Hashable, Sendable, Codable {
    package var method: String
    package var scheme: EgressScheme
    package var host: String
    package var port: UInt16
    /// The address that was connected to; nil when it did not come that far.
    package var address: String?
    /// The status of the answer; nil without one.
    package var status: Int?
    /// Body bytes sent and received.
    package var bytesUp: UInt64
    package var bytesDown: UInt64
    package var nanoseconds: UInt64
    /// Why it failed, as `egress.denied` and the like; nil when it was answered.
    package var error: String?

    package init(
        method: String,
        scheme: EgressScheme,
        host: String,
        port: UInt16,
        address: String? = nil,
        status: Int? = nil,
        bytesUp: UInt64 = 0,
        bytesDown: UInt64 = 0,
        nanoseconds: UInt64 = 0,
        error: String? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.address = address
        self.status = status
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
        self.nanoseconds = nanoseconds
        self.error = error
    }
}
