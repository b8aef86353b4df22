import Domain
import Synchronization

/// Wakes those who wait for an execution to end.
package final class CompletionHub: Sendable {
    private struct State {
        var waiters: [ExecutionID: [UInt64: AsyncStream<Void>.Continuation]] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes all who wait for `id`.
    func ended(_ id: ExecutionID) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: id) }
        waiters?.values.forEach { $0.finish() }
    }

    /// Waits until `id` has ended, at most for `limit`; `check` is asked once the wait is set up, so that an end in
    /// between is not missed, and says whether it has ended already.
    func wait(
        for id: ExecutionID,
        atMost limit: Duration,
        unless check: () async throws -> Bool
    ) async rethrows {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.waiters[id, default: [:]][state.next] = continuation
            return state.next
        }
        defer {
            state.withLock { state in
                state.waiters[id]?[number] = nil
                if state.waiters[id]?.isEmpty == true { state.waiters[id] = nil }
            }
        }
        if try await check() { return }
        await withTaskGroup { group in
            group.addTask {
                for await _ in stream {}
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
