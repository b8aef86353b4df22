import Domain
import Fabric
import Testing

/// What every implementation of ``TokenStore`` promises; each is checked on a store that is empty.
enum TokenStorePromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case keepsTokens = "tokens come back with every field, oldest first"
    case refusesSecondID = "a second token of the same id is refused"
    case revokes = "a revoked token is gone, and revoking it again says so"

    var testDescription: String { rawValue }

    /// Checks the promise; the store must be empty.
    func check(_ store: some TokenStore) async throws {
        let early = try Sample.token("id-2\u{0}x", created: 1)
        let late = try Sample.token("id-1", created: 2)
        try await store.add(late)
        try await store.add(early)
        switch self {
        case .keepsTokens: #expect(try await store.tokens() == [early, late])
        case .refusesSecondID:
            let second = try Sample.token(late.id, created: 9)
            await #expect(throws: TokenError.exists(id: late.id)) { try await store.add(second) }
            #expect(try await store.tokens() == [early, late])
        case .revokes:
            #expect(try await store.remove(id: "id-2") == false)
            #expect(try await store.remove(id: early.id))
            #expect(try await store.tokens() == [late])
            #expect(try await store.remove(id: early.id) == false)
        }
    }
}
