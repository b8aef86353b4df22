import Crypto
import SwiftASN1
import X509

/// A node's private key, which never leaves the node.
package struct NodeKey: Sendable, CustomStringConvertible {
    let key: P256.Signing.PrivateKey

    /// Makes a new P-256 key.
    package init() {
        self.key = P256.Signing.PrivateKey()
    }

    /// Takes the PEM text of a key that was made before.
    package init(pem: String) throws(IdentityError) {
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) else {
            throw IdentityError(
                .unreadable,
                "the node's key is not a P-256 private key in PEM",
                advice: "join again, which makes a new one"
            )
        }
        self.key = key
    }

    /// PEM text of the private key: a secret.
    package var pem: String { key.pemRepresentation }

    /// A request for a certificate for this key, as PEM: the public key, signed with the private one, and no names.
    package func request() throws(IdentityError) -> String {
        do {
            return try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName(),
                privateKey: Certificate.PrivateKey(key),
                attributes: CertificateSigningRequest.Attributes(),
                signatureAlgorithm: .ecdsaWithSHA256
            ).serializeAsPEM().pemString
        } catch {
            throw IdentityError(.badRequest, "the request cannot be signed", advice: "make a new key")
        }
    }

    /// Says what it is, and leaves out the key.
    package var description: String { "node key" }
}
