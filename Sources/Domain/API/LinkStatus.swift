/// The way from one node to another, as measured.
package struct LinkStatus: Hashable, Sendable, Codable {
    /// `https://HOST:PORT` of the peer interface there.
    package let address: String
    /// Fast and slow averages of the round-trip time, in milliseconds; nil before there was one.
    package let fastMilliseconds: Double?
    package let slowMilliseconds: Double?
    /// Megabytes a second; nil before anything large was sent.
    package let bandwidth: Double?
    /// `closed` (calls flow), `open` (none are sent) or `half-open` (one is tried).
    package let breaker: String
    /// Calls of ours that run there now.
    package let inFlight: Int

    package init(
        address: String,
        fastMilliseconds: Double?,
        slowMilliseconds: Double?,
        bandwidth: Double?,
        breaker: String,
        inFlight: Int
    ) {
        self.address = address
        self.fastMilliseconds = fastMilliseconds
        self.slowMilliseconds = slowMilliseconds
        self.bandwidth = bandwidth
        self.breaker = breaker
        self.inFlight = inFlight
    }
}
