import Domain
import Synchronization

/// The system calls that functions made on a node which learns them.
final class LearnedCalls: Sendable {
    private let path: String
    private let names = Mutex(Set<String>())

    init(path: String) { self.path = path }

    func add(_ calls: [String]) { names.withLock { $0.formUnion(calls) } }

    /// Leaves them in the file, a name a line.
    func write() throws(Invalid) {
        let text = names.withLock { $0.sorted().map { $0 + "\n" }.joined() }
        guard Machine.write(Array(text.utf8), to: path, mode: 0o600) else {
            throw Invalid("learn", "'\(path)' cannot be written")
        }
    }
}
