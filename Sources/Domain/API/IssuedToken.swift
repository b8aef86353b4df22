/// The answer to `POST /v1/tokens`: the one time that the token itself is shown.
package struct IssuedToken: Hashable, Sendable, Codable {
    package let token: String
    package let info: TokenInfo

    package init(token: String, info: TokenInfo) {
        self.token = token
        self.info = info
    }
}
