import Domain
import Synchronization

/// Executions that may still come into the journal: they wait for the claim of their key, or for the disk.
package final class PendingAcceptances: Sendable {
    private let ids = Mutex(Set<ExecutionID>())

    package init() {}

    func begin(_ id: ExecutionID) { ids.withLock { _ = $0.insert(id) } }

    func end(_ id: ExecutionID) { ids.withLock { _ = $0.remove(id) } }

    func contains(_ id: ExecutionID) -> Bool { ids.withLock { $0.contains(id) } }
}
