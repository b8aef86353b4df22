import NIOCore

/// The part of a request's body that has come so far, kept so that another node can be given the same.
///
/// A body beyond the limit is not kept: its call stays where it was begun.
struct RequestReplay {
    /// Bytes that are kept for a further attempt.
    static let limit = 1 << 20

    private(set) var pieces: [ByteBuffer] = []
    private(set) var bytes = 0
    private(set) var isComplete = false
    /// Whether everything that came is still here.
    private(set) var isWhole = true

    mutating func keep(_ piece: ByteBuffer) {
        bytes += piece.readableBytes
        guard isWhole else { return }
        if bytes > Self.limit { drop() } else { pieces.append(piece) }
    }

    mutating func finish() { isComplete = true }

    /// Forgets the body: there is nobody else who could be given it.
    mutating func drop() {
        isWhole = pieces.isEmpty && bytes == 0
        pieces = []
    }
}
