import Crypto
import Domain

/// What lets a node join, once: `gdj_`, a public id, `_`, a secret, `_`, and the fingerprint of the authority to trust.
package struct JoinToken: Hashable, Sendable, CustomStringConvertible {
    private static let prefix = "gdj_"
    private static let idLength = 10
    /// 32 random bytes, in hexadecimal.
    private static let secretLength = 64
    private static let fingerprintLength = 64

    /// The whole token: a secret.
    package let text: String
    /// The public part, by which its record is found.
    package let id: String
    /// SHA-256 of the certificate of the authority that made it.
    package let fingerprint: String

    /// Makes a new token for the continuum of that authority.
    package static func make(
        for authority: AuthorityCertificate,
        using random: inout SystemRandomNumberGenerator
    ) -> JoinToken {
        func hex(_ digits: Int) -> String {
            Hex.text((0..<digits / 2).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        }
        let id = hex(idLength)
        let text = "\(prefix)\(id)_\(hex(secretLength))_\(authority.fingerprint)"
        return JoinToken(text: text, id: id, fingerprint: authority.fingerprint)
    }

    private init(text: String, id: String, fingerprint: String) {
        self.text = text
        self.id = id
        self.fingerprint = fingerprint
    }

    /// Takes a token as written, with nothing around it.
    package init(_ raw: String) throws(IdentityError) {
        let expected = Self.prefix.utf8.count + Self.idLength + 1 + Self.secretLength + 1 + Self.fingerprintLength
        let fields = raw.utf8.count == expected ? raw.split(separator: "_", omittingEmptySubsequences: false) : []
        let lengths = fields.map(\.utf8.count)
        guard raw.hasPrefix(Self.prefix), fields.dropFirst().allSatisfy(Self.isHex),
            lengths == [Self.prefix.utf8.count - 1, Self.idLength, Self.secretLength, Self.fingerprintLength]
        else {
            throw IdentityError(
                .badToken,
                "the text is no join token",
                advice: "copy the whole token, from gdj_ to its last digit: it has \(expected) characters"
            )
        }
        self.text = raw
        self.id = String(fields[1])
        self.fingerprint = String(fields[3])
    }

    /// SHA-256 of the whole token, in hexadecimal: what is stored of it.
    package var hash: String { Hex.text(SHA256.hash(data: Array(text.utf8))) }

    /// Throws when a certificate that came over an unverified connection is not that of the token's authority.
    package func check(_ authority: AuthorityCertificate) throws(IdentityError) {
        guard authority.fingerprint == fingerprint else {
            throw IdentityError(
                .wrongAuthority,
                "the node at that address belongs to continuum \(authority.continuum), and the token to another",
                advice: "check the address, and that nobody stands between; then ask for a new token"
            )
        }
    }

    /// The id, without the secret.
    package var description: String { "join token \(id)" }

    private static func isHex(_ text: Substring) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}
