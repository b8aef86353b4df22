/// The answer to `POST /v1/invitations`: the one time that a join token is shown.
package struct JoinTicket: Hashable, Sendable, Codable {
    /// Where to join: `https://HOST:PORT` of the peer interface.
    package let address: String
    package let token: String
    package let expires: Timestamp

    package init(address: String, token: String, expires: Timestamp) {
        self.address = address
        self.token = token
        self.expires = expires
    }
}
