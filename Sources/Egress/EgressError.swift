/// Why a request through the broker did not get its answer, as the function is told.
package struct EgressError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, for programs.
    package enum Code: String, Sendable, CaseIterable {
        /// The host, scheme or port is not in the function's `egress`.
        case denied
        /// The address that a host was found at may not be reached.
        case address
        /// The request itself is not one that the broker makes.
        case request
        /// A redirect may not be followed, or there were too many.
        case redirect
        /// The name was not found.
        case name
        /// No connection came about, or it broke.
        case connection
        /// The other side's certificate is not trusted, or TLS failed otherwise.
        case tls
        case timeout
        /// The request or the answer is larger than allowed.
        case size
        /// What came back is not HTTP.
        case answer
        /// Too many requests at once, or in one call.
        case busy
        /// The broker is not there, or went away meanwhile.
        case broker
        /// Nobody waits any more.
        case cancelled

        /// The type that the function sees.
        package var text: String { "egress.\(rawValue)" }
    }

    package let code: Code
    /// One sentence without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.text): \(message)" }
}
