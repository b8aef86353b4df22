package import Domain

/// Keeps what is needed to recognise tokens.
package protocol TokenStore: Sendable {
    /// Adds a token; throws ``TokenError/exists(id:)`` when there is one with its id.
    func add(_ token: TokenRecord) async throws
    /// All tokens, oldest first.
    func tokens() async throws -> [TokenRecord]
    /// Revokes a token; false when there is none with that id.
    func remove(id: String) async throws -> Bool
}
