import NIOCore
import Synchronization

/// Says which loops may accept connections: the calls' loop until it has its share, the others from then on, and none
/// where there are as many as there may be.
final class Seats: Sendable {
    private struct State {
        let limit: Int
        let nearLimit: Int
        var near = 0
        var far = 0
        /// Channels that listen, and whether theirs is the calls' loop.
        var listeners: [(channel: any Channel, isNear: Bool)] = []

        /// Who may accept now.
        var turn: Turn {
            if near + far >= limit { return .nobody }
            return near >= nearLimit && listeners.count > 1 ? .others : .calls
        }
    }

    /// The loops that may accept.
    private enum Turn {
        case calls
        case others
        case nobody
    }

    private let calls: any EventLoop
    private let state: Mutex<State>

    private let onChange: @Sendable (_ near: Int, _ far: Int) -> Void

    /// At most `limit` connections at once; the first `nearLimit` on the calls' loop, where there are others.
    ///
    /// `onChange` is told how many there are on the calls' loop, and on the others.
    init(
        limit: Int,
        nearLimit: Int,
        calls: any EventLoop,
        onChange: @escaping @Sendable (_ near: Int, _ far: Int) -> Void
    ) {
        self.calls = calls
        self.onChange = onChange
        self.state = Mutex(State(limit: limit, nearLimit: nearLimit))
    }

    /// Has a channel accept connections when it is its turn; one of the other loops must not accept any before.
    func add(listener: any Channel) {
        let isNear = listener.eventLoop === calls
        follow(
            state.withLock { state in
                state.listeners.append((listener, isNear))
                return state.listeners
            }
        )
    }

    /// Counts a connection, from when it was accepted until it is closed.
    func take(_ connection: any Channel) {
        let isNear = connection.eventLoop === calls
        count(1, isNear)
        connection.closeFuture.whenComplete { [self] _ in count(-1, isNear) }
    }

    private func count(_ change: Int, _ isNear: Bool) {
        let listeners = state.withLock { state in
            let turn = state.turn
            if isNear { state.near += change } else { state.far += change }
            onChange(state.near, state.far)
            return state.turn == turn ? [] : state.listeners
        }
        follow(listeners)
    }

    /// Has each listener do what holds when its loop comes to it, so that no order of events leaves one behind.
    private func follow(_ listeners: [(channel: any Channel, isNear: Bool)]) {
        for (channel, isNear) in listeners {
            let follow: @Sendable () -> Void = { [self] in
                let isItsTurn = state.withLock { $0.turn } == (isNear ? .calls : .others)
                // Fails only where it listens no more.
                try? channel.syncOptions?.setOption(.autoRead, value: isItsTurn)
            }
            if channel.eventLoop.inEventLoop { follow() } else { channel.eventLoop.execute(follow) }
        }
    }
}
