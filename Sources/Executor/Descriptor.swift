/// An open file descriptor with one owner, closed when its owner lets go of it.
struct Descriptor: ~Copyable {
    let raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    deinit { System.close(raw) }

    /// Gives the descriptor away: whoever takes the number closes it.
    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }
}
