/// What a node sends, over a connection with its present certificate, to get the next one.
package struct RenewRequest: Hashable, Sendable, Codable {
    /// The certificate request, as PEM, for the same key or a new one.
    package let request: String

    /// A request for the next certificate.
    package init(request: String) {
        self.request = request
    }
}
