import Synchronization

/// Whether this program was told to stop.
///
/// The handler only sets a flag. Whatever waits looks at it and throws ``Interrupted``, so that children are stopped by
/// the same `defer` as at any other end.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    /// Takes over SIGINT and SIGTERM, and ignores SIGPIPE.
    static func install() {
        flag.store(false, ordering: .relaxed)
        System.handleTermination { _ in Interruption.flag.store(true, ordering: .relaxed) }
    }

    /// Throws when it is time to stop.
    static func check() throws(Interrupted) {
        if flag.load(ordering: .relaxed) { throw Interrupted() }
    }
}
