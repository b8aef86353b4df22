/// Decides who writes: callers that come while a commit is under way wait, and share the next one.
///
/// Three states. *Idle*: nothing waits and nobody writes; the first to come becomes the reason to start the writer
/// (→ writing). *Writing*: newcomers wait; the writer takes all of them when its commit is done, and goes when none
/// are left (→ idle). *Closed*: nobody may come any more; a writer that is at work first takes what waits.
///
/// Only newcomers from outside can be refused. What ends work that was accepted earlier is never refused: its amount is
/// bounded by what is in flight, and refusing it would lose a result.
package struct GroupCommit<Element: Sendable>: Sendable {
    /// What the caller has to do for a newcomer.
    package enum Action: Sendable, Equatable {
        /// It waits; the writer at work will take it.
        case wait
        /// It waits, and a writer must be started.
        case startWriter
        /// It was not taken: too much waits already.
        case refuseAsFull
        /// It was not taken: closed.
        case refuseAsClosed
    }

    /// Most that wait at once, and most bytes of it.
    private let limit: (count: Int, bytes: Int)
    /// Most that go into one commit, and the bytes after which no more are taken: bounds the write-ahead log.
    private let batch: (count: Int, bytes: Int)
    private var waiting: [(element: Element, bytes: Int)] = []
    private var waitingBytes = 0
    private var isWriting = false
    private var isClosed = false

    package init(limit: (count: Int, bytes: Int), batch: (count: Int, bytes: Int) = (512, 8 << 20)) {
        self.limit = limit
        self.batch = batch
    }

    /// Takes a newcomer of about that many bytes, or refuses it.
    package mutating func add(_ element: Element, bytes: Int, isRefusable: Bool) -> Action {
        if isClosed { return .refuseAsClosed }
        // One is always taken when none waits, however large it is.
        if isRefusable, !waiting.isEmpty,
            waiting.count >= limit.count || waitingBytes + bytes > limit.bytes
        {
            return .refuseAsFull
        }
        waiting.append((element, bytes))
        waitingBytes += bytes
        if isWriting { return .wait }
        isWriting = true
        return .startWriter
    }

    /// What goes into the next commit, in the order it came; nil when nothing waits: then the writer goes.
    package mutating func take() -> [Element]? {
        precondition(isWriting, "only a writer takes")
        guard !waiting.isEmpty else {
            isWriting = false
            return nil
        }
        var count = 0
        var bytes = 0
        while count < min(waiting.count, batch.count), count == 0 || bytes + waiting[count].bytes <= batch.bytes {
            bytes += waiting[count].bytes
            count += 1
        }
        let taken = waiting.prefix(count).map(\.element)
        waiting.removeFirst(count)
        waitingBytes -= bytes
        return taken
    }

    /// Refuses every newcomer from now on.
    package mutating func close() { isClosed = true }
}
