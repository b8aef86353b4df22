import Hummingbird

extension Request {
    /// The node that asks, which every route of the peer interface but those for joining demands.
    func peerCaller() throws -> PeerCaller {
        guard let caller = PeerCaller(text: headers[.peerCaller]) else { throw ProblemError(FrontDoor.unauthenticated) }
        return caller
    }
}
