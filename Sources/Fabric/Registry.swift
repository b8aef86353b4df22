package import Domain

/// Remembers functions, their versions and their aliases.
package protocol Registry: Sendable {
    /// All functions, ordered by name.
    func functions() async throws -> [PublishedFunction]

    /// One function, or nil.
    func function(_ name: FunctionName) async throws -> PublishedFunction?

    /// Adds a version of `spec.name`, unless its newest or an older version already has this digest.
    ///
    /// - Returns: the version, and whether it is new.
    func publish(
        _ spec: FunctionSpec,
        digest: Digest,
        bundleSize: UInt64,
        at time: Timestamp
    ) async throws -> (version: FunctionVersion, isNew: Bool)

    /// Deletes a function with all its versions; throws ``RegistryError/aliasPoints(_:_:)`` while it has an alias.
    func delete(_ name: FunctionName) async throws

    /// Deletes one version; throws ``RegistryError/aliasPoints(_:_:)`` while an alias points to it. Numbers are not
    /// used again.
    func delete(_ name: FunctionName, version: VersionNumber) async throws

    /// Creates or replaces an alias; throws ``RegistryError/noSuchVersion(_:_:)`` for a version that is not there.
    func set(_ alias: Alias, of name: FunctionName) async throws

    /// Deletes an alias; throws ``RegistryError/noSuchAlias(_:_:)`` when it is not there.
    func deleteAlias(_ alias: AliasName, of name: FunctionName) async throws

    /// Makes these the functions there are, in place of all others: what a node does that follows another's registry.
    func replaceAll(with functions: [PublishedFunction]) async throws

    /// The digests of all versions of all functions: the bundles that must be kept.
    func digests() async throws -> Set<Digest>
}
