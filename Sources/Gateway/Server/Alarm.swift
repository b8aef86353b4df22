import ServiceLifecycle
import Synchronization

/// Waits for something to do: until it is rung, or until a while has passed.
///
/// One task waits at a time. A ring that comes while nobody waits ends the next wait at once.
package final class Alarm: Sendable {
    private struct State {
        var isRung = false
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Ends the wait.
    package func ring() {
        state.withLock { state in
            state.isRung = true
            state.sleeper?.cancel()
        }
    }

    /// Waits; false, and at once, when shutdown begins or the task is cancelled.
    package func wait(for span: Duration) async -> Bool {
        let sleeper = Task { () -> Void in try? await Task.sleep(for: span) }
        state.withLock { state in
            state.sleeper = sleeper
            if state.isRung { sleeper.cancel() }
        }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await sleeper.value
            } onGracefulShutdown: {
                sleeper.cancel()
            }
        } onCancel: {
            sleeper.cancel()
        }
        // Whoever waited looks at everything now, and so at what was rung for until here.
        state.withLock { $0 = State() }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }
}
