/// How a program ended that we ran.
enum ChildEnd: Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// Killed because it took too long.
    case overtime
    /// Killed because it wrote too much.
    case overflow
    /// Somebody else took its end.
    case unknown
}
