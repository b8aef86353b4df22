/// The numbers that both sides of the wire agree on.
package enum WireLimits {
    /// The version of the wire format that a `ready` frame names.
    package static let version: UInt8 = 1
    /// Bytes that a frame's payload may have.
    package static let payload = 1 << 20
    /// Body bytes of one call and direction that may be on their way before the receiver grants more.
    package static let window = 262_144
    /// Bytes after which a receiver grants more.
    package static let windowStep = 65_536
    /// Body bytes put into one frame, by convention.
    package static let bodyChunk = 65_536
    /// Headers that a response may have.
    package static let responseHeaders = 256
    /// Bytes that a metric's name may have.
    package static let metricName = 128
    /// Bytes that the text of one log entry may have; what is longer is cut.
    package static let logMessage = 32_768
}
