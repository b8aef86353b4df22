import Domain
import NIOCore

/// Calls that are lined up on instances, and those among them that must not wait any longer.
extension VersionPool {
    /// How many calls may lie ahead of their turn on an instance that this one is lined up on.
    func lookahead(for call: Call) -> Int {
        // Where a slower machine is emulated, answers are held back.
        call.shortBody == nil || slowdown > 1 ? 0 : lookahead.depth
    }

    /// Lines up calls from the queue where that fits.
    func lineUpWaiting(on instance: Instance) {
        while let call = nextWaiting, state.lineUpOldest(on: instance.id, lookahead: lookahead(for: call)) != nil {
            forget(call)
            guard instance.lineUp(call) else { return putBack([call], of: instance) }
            noteLineup()
        }
    }

    /// A call was lined up.
    func noteLineup() {
        linedUp += 1
        watchLineups()
    }

    /// Looks after calls that lie ahead of their turn, as long as there are some.
    private func watchLineups() {
        guard lookaheadTimer == nil else { return }
        let patience = Lookahead.patience
        lookaheadTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(patience))) {
            [self] in
            lookaheadTimer = nil
            let limit = System.monotonicNanoseconds() - patience
            let lineups = allInstances.filter(\.hasLineup)
            let stalled = lineups.filter { $0.progressedAt <= limit && takeBack(from: $0) }
            if !stalled.isEmpty { lookahead.failed() }
            distribute()
            observer.callsLinedUp(linedUp, takenBack: takenBack, of: key)
            (linedUp, takenBack) = (0, 0)
            if lineups.contains(where: \.hasLineup) { watchLineups() }
        }
    }

    /// Puts a call back into the queue, with those that lie beside it, if its instance has not begun it.
    func takeBack(_ call: Call) {
        if case .running(let instance) = call.state { takeBack(from: instance) }
    }

    /// Puts what an instance has not begun back into the queue, before all others; false when there was nothing.
    @discardableResult
    func takeBack(from instance: Instance) -> Bool {
        let calls = instance.takeBack()
        takenBack += calls.count
        putBack(calls, of: instance)
        return !calls.isEmpty
    }

    private func putBack(_ calls: [Call], of instance: Instance) {
        guard !calls.isEmpty else { return }
        for call in calls {
            call.takenBack()
            keep(call)
        }
        let now = System.monotonicNanoseconds()
        state.takenBack(calls.map(\.number), from: instance.id, isEnding: instance.isEnding, at: now)
    }

    /// Gives calls that were taken back to instances which have room, or starts some for them.
    func distribute() {
        guard !state.waiting.isEmpty else { return }
        run(state.assign(), start: .warm)
        replenish()
    }
}
