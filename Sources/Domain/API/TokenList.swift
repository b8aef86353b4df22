/// The body of `GET /v1/tokens`.
package struct TokenList: Hashable, Sendable, Codable {
    package let tokens: [TokenInfo]

    package init(tokens: [TokenInfo]) { self.tokens = tokens }
}
