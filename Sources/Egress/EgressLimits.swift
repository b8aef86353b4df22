/// What requests through the broker may take.
package struct EgressLimits: Sendable, Equatable {
    /// Bytes of a URL.
    package static let url = 8192
    /// Headers of a request, and the bytes of all its headers.
    package static let requestHeaders = 64
    package static let requestHeaderBytes = 32_768
    /// Bytes of an answer's headers.
    package static let responseHeaderBytes = 65_536
    /// Redirects that are followed.
    package static let redirects = 5
    /// Requests of one instance at once.
    package static let atOnceInInstance = 16
    /// Requests of one call, one after another.
    package static let inCall = 1000
    /// Milliseconds until a connection stands.
    package static let connectMilliseconds = 10_000

    /// Bytes of a request's body.
    package var requestBody: UInt64 = 16 << 20
    /// Bytes of an answer's body.
    package var responseBody: UInt64 = 64 << 20
    /// Requests of one function at once, on a node.
    package var atOnceOfFunction = 64
    /// Requests at once, on a node.
    package var atOnce = 256

    package init() {}
}
