package import Domain
package import Fabric
import Synchronization

/// Keeps the values of secrets at hand for instances that are started, in memory only.
package final class SecretVault: Sendable {
    /// Bytes that a secret may have.
    static let maximumLength = 65_536
    private let store: any SecretStore
    private let values = Mutex<[SecretName: String]>([:])

    package init(store: any SecretStore) { self.store = store }

    /// Reads all secrets from the store.
    package func load() async throws {
        for (name, _) in try await store.names() {
            if let bytes = try await store.value(name) { values.withLock { $0[name] = Self.text(bytes) } }
        }
    }

    /// The value of a secret, or nil when it is not set.
    package func value(_ name: SecretName) -> String? { values.withLock { $0[name] } }

    /// Creates or replaces a secret; it must be text that an environment variable can hold.
    func put(_ name: SecretName, value: [UInt8], at time: Timestamp) async throws {
        guard value.count <= Self.maximumLength else {
            throw Invalid("secret", "has \(value.count) bytes; at most \(Self.maximumLength) are allowed")
        }
        guard let text = Self.text(value), !value.contains(0) else {
            throw Invalid(
                "secret",
                "must be UTF-8 text without zero bytes; encode binary values, for example in base64"
            )
        }
        try await store.put(name, value: value, at: time)
        values.withLock { $0[name] = text }
    }

    func names() async throws -> [(name: SecretName, changed: Timestamp)] { try await store.names() }

    /// Deletes a secret; false when there is none.
    func delete(_ name: SecretName) async throws -> Bool {
        values.withLock { $0[name] = nil }
        return try await store.delete(name)
    }

    private static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }
}
