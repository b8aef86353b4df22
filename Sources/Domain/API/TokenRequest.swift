/// The body of `POST /v1/tokens`: the token that is asked for.
package struct TokenRequest: Hashable, Sendable, Codable {
    package let scopes: Set<Scope>
    /// The functions it is to be good for; nil means all.
    package let functions: Set<FunctionName>?
    /// What it is for.
    package let note: String
    /// How long it is to be good; nil means until it is revoked.
    package let lifetime: TimeSpan?

    package init(scopes: Set<Scope>, functions: Set<FunctionName>? = nil, note: String = "", lifetime: TimeSpan? = nil) {
        self.scopes = scopes
        self.functions = functions
        self.note = note
        self.lifetime = lifetime
    }
}
