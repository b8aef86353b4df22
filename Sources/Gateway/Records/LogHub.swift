import Domain
import Synchronization

/// Hands every line that a function writes to those who follow it.
final class LogHub: Sendable {
    /// Lines that a slow follower may be behind; older ones are dropped for it.
    private static let followerLimit = 1000
    /// Followers at once.
    private static let maximumFollowers = 64

    private struct State {
        var followers: [UInt64: (function: FunctionName, continuation: AsyncStream<LogEntry>.Continuation)] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Gives a line to all who follow its function.
    func publish(_ line: LogEntry) {
        state.withLock { state in
            for follower in state.followers.values where follower.function == line.function {
                follower.continuation.yield(line)
            }
        }
    }

    /// The lines of a function from now on; nil when too many follow already.
    func follow(_ function: FunctionName) -> AsyncStream<LogEntry>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: LogEntry.self,
            bufferingPolicy: .bufferingNewest(Self.followerLimit)
        )
        let id: UInt64? = state.withLock { state in
            guard !state.isClosed, state.followers.count < Self.maximumFollowers else { return nil }
            state.next += 1
            state.followers[state.next] = (function, continuation)
            return state.next
        }
        guard let id else { return nil }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.followers.removeValue(forKey: id) }
        }
        return stream
    }

    /// Ends all streams.
    func close() {
        let followers = state.withLock { state in
            state.isClosed = true
            defer { state.followers = [:] }
            return Array(state.followers.values)
        }
        for follower in followers { follower.continuation.finish() }
    }
}
