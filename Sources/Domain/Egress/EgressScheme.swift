/// How an egress request is made.
package enum EgressScheme: String, Hashable, Sendable, Codable, CaseIterable {
    /// In plain text; only where a rule says so.
    case http
    /// Over TLS, verified.
    case https

    /// The port where none is named.
    package var port: UInt16 { self == .https ? 443 : 80 }
}
