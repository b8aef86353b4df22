import Synchronization

/// Writes log lines to a descriptor from one background thread, so that nobody who logs ever waits for a slow reader.
///
/// What waits to be written is bounded: a line for which there is no room is dropped and counted. Before ``start()`` and
/// after ``stop(within:)`` lines are written at once by whoever logs, so that neither the first nor the last words of the
/// node are lost.
package final class LogWriter: Sendable {
    private enum Phase {
        /// No thread. Next: running.
        case direct
        /// The thread writes. Next: stopping.
        case running
        /// The thread writes what is left and ends. Next: direct.
        case stopping
    }

    private struct State {
        var phase = Phase.direct
        var pending: [UInt8] = []
        /// Bytes accepted and bytes written since the start.
        var accepted: UInt64 = 0
        var written: UInt64 = 0
        var dropped: UInt64 = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let bell: Bell?
    private let state = Mutex(State())
    /// Held while lines are written at once, so that they do not mix.
    private let direct = Mutex(())

    /// Makes a writer to a descriptor, standard error by default, which it does not own; `capacity` in bytes.
    package init(descriptor: Int32 = 2, capacity: Int = 1 << 20) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.bell = System.makeBell()
    }

    /// Starts the background thread; without effect when it runs, or when the machine gives no thread.
    package func start() {
        guard let bell else { return }
        let isStarting = state.withLock { state in
            guard state.phase == .direct else { return false }
            state.phase = .running
            return true
        }
        guard isStarting else { return }
        if !System.startThread({ self.run(bell) }) {
            state.withLock { $0.phase = .direct }
            drain()
        }
    }

    /// Takes a line, which ends in a line feed; never waits while the background thread runs.
    package func write(_ line: [UInt8]) {
        enum Verdict { case wake, done, direct }
        let verdict = state.withLock { state in
            guard state.phase == .running else { return Verdict.direct }
            guard state.pending.count + line.count <= capacity else {
                state.dropped += 1
                return .done
            }
            state.accepted += UInt64(line.count)
            state.pending += line
            return state.pending.count == line.count ? .wake : .done
        }
        switch verdict {
        case .wake: if let bell { System.ring(bell) }
        case .done: break
        case .direct: direct.withLock { _ in _ = System.write(line, to: descriptor) }
        }
    }

    /// Waits until what was taken so far is written, at most this long in nanoseconds; whether it is.
    @discardableResult
    package func flush(within nanoseconds: UInt64 = 1_000_000_000) -> Bool {
        let target = state.withLock { $0.accepted }
        let start = Monotonic.now()
        while state.withLock({ $0.written }) < target {
            guard Monotonic.now() - start < nanoseconds else { return false }
            System.sleep(nanoseconds: 200_000)
        }
        return true
    }

    /// Writes what is left, at most this long in nanoseconds, and ends the thread; whether all is written.
    @discardableResult
    package func stop(within nanoseconds: UInt64 = 1_000_000_000) -> Bool {
        let isStopping = state.withLock { state in
            guard state.phase == .running else { return false }
            state.phase = .stopping
            return true
        }
        guard isStopping, let bell else { return true }
        System.ring(bell)
        return flush(within: nanoseconds)
    }

    /// Lines that were dropped because there was no room.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Whether the descriptor is a terminal on which colour is welcome.
    package var wantsColour: Bool {
        System.isTerminal(descriptor) && System.environment("NO_COLOR")?.isEmpty ?? true
            && System.environment("TERM") != "dumb"
    }

    /// Has `godwit_log_lines_dropped_total` exposed.
    package func register(in registry: MetricRegistry) {
        let counter = registry.floatCounter(
            "godwit_log_lines_dropped_total",
            help: "Log lines dropped because the reader of the log was too slow."
        )
        registry.addCollector { [weak self] in
            if let self { counter.advance(to: Double(self.dropped)) }
        }
    }

    // MARK: - The background thread

    private func run(_ bell: Bell) {
        while true {
            if drain() { continue }
            let isOver = state.withLock { state in
                guard state.phase == .stopping, state.pending.isEmpty else { return false }
                state.phase = .direct
                return true
            }
            if isOver { return }
            System.wait(for: bell)
        }
    }

    /// Writes what waits; whether there was anything.
    @discardableResult
    private func drain() -> Bool {
        let bytes = state.withLock { state in
            let bytes = state.pending
            state.pending = []
            return bytes
        }
        guard !bytes.isEmpty else { return false }
        // When the reader is gone there is nobody to tell: the bytes count as written.
        _ = System.write(bytes, to: descriptor)
        state.withLock { $0.written += UInt64(bytes.count) }
        return true
    }
}
