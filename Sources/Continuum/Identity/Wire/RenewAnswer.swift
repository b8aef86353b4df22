/// What a node whose certificate is renewed is answered.
package struct RenewAnswer: Hashable, Sendable, Codable {
    /// The next certificate, as PEM.
    package let certificate: String

    /// An answer to a node that renews.
    package init(certificate: String) {
        self.certificate = certificate
    }
}
