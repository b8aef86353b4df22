import Synchronization

/// Does something again and again on a thread of its own, until nobody refers to the repeater any more.
///
/// What it does may block. It must not refer to the repeater, or that never ends.
final class Repeater: Sendable {
    private let interval: UInt64
    private let body: @Sendable () -> Void
    /// Rung once, for the thread to end; nil while there is no thread.
    private let bell = Mutex<Bell?>(nil)

    /// Makes a repeater that does nothing yet; the interval in nanoseconds, from beginning to beginning.
    init(interval: UInt64, _ body: @escaping @Sendable () -> Void) {
        self.interval = interval
        self.body = body
    }

    deinit { bell.withLock { bell in if let bell { System.ring(bell) } } }

    /// Starts the thread, which does its work at once; without effect when it runs, or the machine gives no thread.
    func start() {
        bell.withLock { bell in
            guard bell == nil, let made = System.makeBell() else { return }
            let (interval, body) = (interval, body)
            let isStarted = System.startThread {
                while true {
                    let began = Monotonic.now()
                    body()
                    let took = Monotonic.now() - began
                    if System.wait(for: made, nanoseconds: interval > took ? interval - took : 0) { return }
                }
            }
            if isStarted { bell = made }
        }
    }
}
