package import Domain

/// The head of a request to a peer.
package struct PeerRequest: Sendable {
    package let method: String
    /// Path and query.
    package let target: String
    package let headers: [HeaderField]

    package init(method: String, target: String, headers: [HeaderField]) {
        self.method = method
        self.target = target
        self.headers = headers
    }
}
