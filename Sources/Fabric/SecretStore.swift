package import Domain

/// Keeps secrets, encrypted at rest.
package protocol SecretStore: Sendable {
    /// Creates or replaces a secret of at most 64 KiB; throws ``SecretError/tooLarge(_:bytes:)`` for more.
    func put(_ name: SecretName, value: [UInt8], at time: Timestamp) async throws

    /// The value, or nil when there is none of that name; throws ``SecretError/undecipherable(_:)`` when it was
    /// changed.
    func value(_ name: SecretName) async throws -> [UInt8]?

    /// All names, ordered, with the time each was last set; never the values.
    func names() async throws -> [(name: SecretName, changed: Timestamp)]

    /// Deletes a secret; false when there is none.
    func delete(_ name: SecretName) async throws -> Bool
}
