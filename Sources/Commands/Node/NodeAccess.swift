/// A node's address and what is needed to talk to it.
package struct NodeAccess: Hashable, Sendable {
    /// Without a slash at its end.
    package let url: String
    package let token: String?
    /// Path of a certificate to trust beside the system's.
    package let certificate: String?

    package init(url: String, token: String?, certificate: String?) {
        self.url = url
        self.token = token
        self.certificate = certificate
    }

    /// Whether the address is plain HTTP to another machine, where anyone on the way can read the token.
    package var isExposed: Bool {
        guard url.hasPrefix("http://"), token != nil else { return false }
        let host = url.dropFirst("http://".count).prefix { $0 != "/" }
        let isLoopback = ["localhost", "127.", "[::1]"].contains { host.hasPrefix($0) }
        return !isLoopback
    }
}
