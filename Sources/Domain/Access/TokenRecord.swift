/// What the node keeps of a token: never the token itself.
package struct TokenRecord: Hashable, Sendable, Codable {
    /// A short public id, also the beginning of the token, by which it is found and revoked.
    package let id: String
    /// SHA-256 of the whole token, in hexadecimal.
    package let hash: String
    package let scopes: Set<Scope>
    /// The functions it is good for; nil means all.
    package let functions: Set<FunctionName>?
    /// What it is for, in its maker's words.
    package let note: String
    package let created: Timestamp
    package let expires: Timestamp?

    package init(
        id: String,
        hash: String,
        scopes: Set<Scope>,
        functions: Set<FunctionName>?,
        note: String,
        created: Timestamp,
        expires: Timestamp?
    ) {
        self.id = id
        self.hash = hash
        self.scopes = scopes
        self.functions = functions
        self.note = note
        self.created = created
        self.expires = expires
    }

    /// Whether the token lets its holder do that, to that function where one is concerned.
    package func allows(_ scope: Scope, on function: FunctionName?, at time: Timestamp) -> Bool {
        if let expires, expires <= time { return false }
        guard scopes.contains(scope) else { return false }
        guard let functions else { return true }
        return function.map(functions.contains) ?? false
    }
}
