package import NIOCore

/// The body of a request to a peer.
package enum PeerBody {
    case bytes(ByteBuffer)
    /// Piece after piece, each asked for when there is room for it; nil ends it. Called on the event loop.
    case stream(() -> EventLoopFuture<ByteBuffer?>)
}
