/// What a node that may join is answered.
package struct JoinAnswer: Hashable, Sendable, Codable {
    /// The node's certificate, as PEM.
    package let certificate: String
    /// The authority's certificate, as PEM: the one whose fingerprint the token carries.
    package let authority: String
    /// The node that answers.
    package let founder: JoinPeer
    /// The other nodes of the continuum.
    package let peers: [JoinPeer]

    /// An answer to a node that may join.
    package init(certificate: String, authority: String, founder: JoinPeer, peers: [JoinPeer]) {
        self.certificate = certificate
        self.authority = authority
        self.founder = founder
        self.peers = peers
    }
}
