import Domain

/// A change of the journal, as it waits for its commit.
enum JournalOperation: Sendable {
    case accept(AcceptedCall)
    case finish(ExecutionRecord, CallAnswer?)
    case reschedule(ExecutionRecord)
    case redrive(ExecutionID, at: Timestamp)
    case cancel(ExecutionID, at: Timestamp)
    /// A callback is to be tried again at `next`, or is settled when that is nil.
    case callback(ExecutionID, next: Timestamp?)
    case forget(endedBefore: Timestamp, limit: Int)

    /// What came of it.
    enum Outcome: Sendable, Equatable {
        case accepted(Acceptance)
        /// How many executions it changed.
        case changed(Int)
    }

    /// About how many bytes it adds, beyond its contents, in rows and indexes.
    private static let overhead = 2048

    /// About how many bytes it writes.
    var bytes: Int {
        switch self {
        case .accept(let call):
            let headers = call.request.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 24 }
            let target = call.request.path.utf8.count + call.request.query.utf8.count
            return Self.overhead + call.body.count + headers + target
        case .finish(_, let answer): return Self.overhead + (answer?.body.count ?? 0)
        case .reschedule, .redrive, .cancel, .callback, .forget: return Self.overhead
        }
    }

    /// Whether it adds a call, for which there must be room, rather than ends or changes one.
    var isAccept: Bool {
        if case .accept = self { true } else { false }
    }
}
