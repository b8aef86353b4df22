/// A token as its operator sees it: everything but the token and its hash.
package struct TokenInfo: Hashable, Sendable, Codable {
    package let id: String
    package let scopes: Set<Scope>
    package let functions: Set<FunctionName>?
    package let note: String
    package let created: Timestamp
    package let expires: Timestamp?

    package init(_ record: TokenRecord) {
        self.id = record.id
        self.scopes = record.scopes
        self.functions = record.functions
        self.note = record.note
        self.created = record.created
        self.expires = record.expires
    }
}
