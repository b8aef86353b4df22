/// The body of `POST /v1/tokens`: the token that is asked for.
package struct TokenRequest: Hashable, Sendable, Codable {
    package let scopes: Set<Scope>
    /// The functions it is to be good for; nil means all.
    package let functions: Set<FunctionName>?
    /// What it is for.
    package let note: String
    /// How long it is to be good; nil means until it is revoked.
    package let lifetime: TimeSpan?

    package init(scopes: Set<Scope>, functions: Set<FunctionName>? = nil, note: String = "", lifetime: TimeSpan? = nil)
    {
        self.scopes = scopes
        self.functions = functions
        self.note = note
        self.lifetime = lifetime
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            scopes: try values.decode(Set<Scope>.self, forKey: .scopes),
            functions: try values.decodeIfPresent(Set<FunctionName>.self, forKey: .functions),
            note: try values.decodeIfPresent(String.self, forKey: .note) ?? "",
            lifetime: try values.decodeIfPresent(TimeSpan.self, forKey: .lifetime)
        )
    }

    private enum CodingKeys: String, CodingKey { case scopes, functions, note, lifetime }
}
