import NIOCore
import Synchronization

/// Says which loop accepts the next connection: the calls' loop until it has its share, then the other one with the fewest,
/// and none where there are as many as there may be.
///
/// All loops accept from one socket, and it is the turn of one at a time: its channel alone reads on its own account
/// (`autoRead`), and ``SeatHandler`` holds up whatever else would have another read.
final class Seats: Sendable {
    /// The number of a listener.
    typealias Place = Int

    private struct Listener {
        let channel: any Channel
        var connections = 0
        var isOpen = true
    }

    private struct State {
        let limit: Int
        let nearLimit: Int
        /// The first is the calls' loop's.
        var listeners: [Listener] = []
        /// Whose turn it is; nil while that changes, and where it is nobody's.
        var turn: Place?
        var isChanging = false

        /// Whose turn it should be.
        var next: Place? {
            guard let first = listeners.first, listeners.reduce(0, { $0 + $1.connections }) < limit else { return nil }
            let others = listeners.indices.dropFirst().filter { listeners[$0].isOpen }
            guard first.connections >= nearLimit, !others.isEmpty else { return 0 }
            return others.min { listeners[$0].connections < listeners[$1].connections }
        }
    }

    private let state: Mutex<State>
    private let onChange: @Sendable (_ near: Int, _ far: Int) -> Void

    /// At most `limit` connections at once; the first `nearLimit` on the calls' loop, where there are others.
    ///
    /// `onChange` is told how many there are on the calls' loop, and on the others.
    init(limit: Int, nearLimit: Int, onChange: @escaping @Sendable (_ near: Int, _ far: Int) -> Void) {
        self.onChange = onChange
        self.state = Mutex(State(limit: limit, nearLimit: nearLimit))
    }

    /// Adds a channel that listens and does not accept by itself; the first has to be that of the calls' loop.
    func add(listener channel: any Channel) {
        let place = state.withLock { state in
            state.listeners.append(Listener(channel: channel))
            return state.listeners.count - 1
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.listeners[place].isOpen = false }
            pass()
        }
        pass()
    }

    /// Whether a loop's channel may accept connections now.
    func isTurn(of loop: any EventLoop) -> Bool {
        state.withLock { state in
            guard let turn = state.turn else { return false }
            return state.listeners[turn].channel.eventLoop === loop
        }
    }

    /// Counts a connection, from when it was accepted until it is closed.
    func take(_ connection: any Channel) {
        count(1, on: connection.eventLoop)
        connection.closeFuture.whenComplete { [self] _ in count(-1, on: connection.eventLoop) }
    }

    private func count(_ change: Int, on loop: any EventLoop) {
        state.withLock { state in
            guard let place = state.listeners.firstIndex(where: { $0.channel.eventLoop === loop }) else { return }
            state.listeners[place].connections += change
            let near = state.listeners.first?.connections ?? 0
            onChange(near, state.listeners.reduce(0) { $0 + $1.connections } - near)
        }
        pass()
    }

    /// Passes the turn on where it should be another's: only once the one that has it accepts no more.
    private func pass() {
        let last: (any Channel)?? = state.withLock { state in
            guard !state.isChanging, state.next != state.turn else { return nil }
            state.isChanging = true
            defer { state.turn = nil }
            return .some(state.turn.map { state.listeners[$0].channel })
        }
        guard let last else { return }
        guard let last else { return begin() }
        set(false, on: last) { [self] in begin() }
    }

    /// Has the one whose turn it should be accept.
    private func begin() {
        let next = state.withLock { state in
            state.isChanging = false
            state.turn = state.next
            return state.turn.map { state.listeners[$0].channel }
        }
        // It may not be its turn any more by the time that its loop gets to it.
        if let next { set(true, on: next) }
    }

    private func set(_ accepts: Bool, on channel: any Channel, then follow: @escaping @Sendable () -> Void = {}) {
        let change: @Sendable () -> Void = { [self] in
            // Fails only where it listens no more.
            try? channel.syncOptions?.setOption(.autoRead, value: false)
            // It reads again only where that changes.
            if accepts, isTurn(of: channel.eventLoop) { try? channel.syncOptions?.setOption(.autoRead, value: true) }
            follow()
        }
        if channel.eventLoop.inEventLoop { change() } else { channel.eventLoop.execute(change) }
    }
}
