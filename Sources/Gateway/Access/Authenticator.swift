import Crypto
package import Domain
package import Fabric
import Synchronization

/// Knows who holds a token, and what it is good for.
package final class Authenticator: Sendable {
    /// What a request may do.
    enum Verdict: Equatable {
        /// It may; the record of its token, if it had one.
        case granted(TokenRecord?)
        /// It has no token, or one that is unknown or expired.
        case unauthenticated
        /// Its token lacks this scope, or is not good for this function.
        case lacks(Scope)
    }

    private let store: any TokenStore
    private let tokens = Mutex<[String: TokenRecord]>([:])
    /// Tokens that another node keeps, and this one takes too.
    private let adopted = Mutex<[String: TokenRecord]>([:])
    private let now: @Sendable () -> Timestamp

    package init(store: any TokenStore, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    /// Reads the tokens from the store.
    package func load() async throws {
        let records = try await store.tokens()
        tokens.withLock { tokens in
            tokens = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        }
    }

    /// Whether a request with this `Authorization` header may use `scope`, on a function where one is concerned.
    func check(authorization: String?, for scope: Scope, on function: FunctionName? = nil) -> Verdict {
        guard let record = record(authorization: authorization) else { return .unauthenticated }
        return record.allows(scope, on: function, at: now()) ? .granted(record) : .lacks(scope)
    }

    /// The valid token in an `Authorization` header, if there is one.
    func record(authorization: String?) -> TokenRecord? {
        guard let authorization, let token = TokenText(authorization: authorization) else { return nil }
        let known = tokens.withLock { $0[token.id] } ?? adopted.withLock { $0[token.id] }
        guard let record = known else { return nil }
        guard ConstantTime.areEqual(token.hash, record.hash) else { return nil }
        if let expires = record.expires, expires <= now() { return nil }
        return record
    }

    /// Whether a token is known and has not expired.
    package func isValid(_ token: String) -> Bool { record(authorization: "Bearer \(token)") != nil }

    /// Takes these tokens of another node too, in place of those taken before.
    func adopt(_ records: [TokenRecord]) {
        adopted.withLock { adopted in
            adopted = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        }
    }

    /// The tokens of this node, ordered by their ids.
    var own: [TokenRecord] { tokens.withLock { $0.values.sorted { $0.id < $1.id } } }

    /// Makes and stores a token; its text is shown this once.
    package func issue(_ request: TokenRequest) async throws -> IssuedToken {
        var random = SystemRandomNumberGenerator()
        let token = TokenText.make(using: &random)
        let created = now()
        let record = TokenRecord(
            id: token.id,
            hash: token.hash,
            scopes: request.scopes,
            functions: request.functions,
            note: request.note,
            created: created,
            expires: request.lifetime.map(created.advanced(by:))
        )
        try await store.add(record)
        tokens.withLock { $0[record.id] = record }
        return IssuedToken(token: token.text, info: TokenInfo(record))
    }

    /// All tokens, oldest first.
    package func list() async throws -> [TokenInfo] { try await store.tokens().map(TokenInfo.init) }

    /// Revokes a token; false when there is none with that id.
    package func revoke(id: String) async throws -> Bool {
        tokens.withLock { $0[id] = nil }
        return try await store.remove(id: id)
    }
}
