import Crypto
import Domain

/// The text of a token: `gdw_`, its public id, `_`, and its secret.
package struct TokenText {
    private static let prefix = "gdw_"
    private static let idLength = 10
    /// 32 random bytes, in hexadecimal.
    private static let secretLength = 64

    /// The whole token.
    package let text: String
    /// The public part, by which its record is found.
    package let id: String

    /// Makes a new token from a source of randomness fit for secrets.
    package static func make(using random: inout SystemRandomNumberGenerator) -> TokenText {
        func hex(_ digits: Int) -> String {
            Hex.text((0..<digits / 2).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        }
        let id = hex(idLength)
        return TokenText(text: "\(prefix)\(id)_\(hex(secretLength))", id: id)
    }

    private init(text: String, id: String) {
        self.text = text
        self.id = id
    }

    /// Takes a token as written; nil when it does not have a token's form.
    package init?(_ raw: some StringProtocol) {
        let expected = Self.prefix.utf8.count + Self.idLength + 1 + Self.secretLength
        guard raw.utf8.count == expected, raw.hasPrefix(Self.prefix) else { return nil }
        let rest = raw.dropFirst(Self.prefix.count)
        guard rest.dropFirst(Self.idLength).first == "_" else { return nil }
        self.text = String(raw)
        self.id = String(rest.prefix(Self.idLength))
    }

    /// Takes the value of an `Authorization` header: `Bearer` and a token.
    package init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        self.init(parts[1])
    }

    /// Whether a header's value holds something that looks like a token of this platform.
    static func isInside(authorization: String) -> Bool { authorization.contains(prefix) }

    /// SHA-256 of the whole token, in hexadecimal: what is stored of it.
    package var hash: String { Hex.text(SHA256.hash(data: Array(text.utf8))) }
}
