import Domain
import Scheduler

/// How a call ended, for whoever gets its answer.
struct CallEnd: Sendable {
    let record: ExecutionRecord
    /// Whether the function may have begun it.
    let wasStarted: Bool
    /// How busy this node is, where another passed the call on.
    let load: NodeLoad?
}
