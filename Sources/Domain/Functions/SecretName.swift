/// The name of a secret: what an environment variable may be called.
package struct SecretName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ raw: String) throws(Invalid) {
        try EnvironmentName.check(raw, kind: "secret")
        self.text = raw
    }

    package var description: String { text }
}

extension SecretName: TextCodable {}
