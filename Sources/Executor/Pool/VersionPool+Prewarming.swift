import Domain
import NIOCore

/// Instances that are started ahead of a call that can be expected.
extension VersionPool {
    /// A call came; if it found the version at rest, it says how long such rests are.
    func noteArrival() {
        guard let since = restSince else { return }
        restSince = nil
        prewarmTimer?.cancel()
        prewarmTimer = nil
        idleTimes.add(System.monotonicNanoseconds() - since)
    }

    /// The last instance is let go of, which idled since that time; one is started before the next call where that is known.
    func noteRest(since: UInt64) {
        guard restSince == nil, !version.spec.isOneShot, executor.limits.prewarms else { return }
        restSince = since
        let keepAlive = UInt64(clamping: version.spec.instances.keepAlive.nanoseconds)
        guard let window = idleTimes.window(keepAlive: keepAlive, start: lastStart) else { return }
        prewarmTimer = at(since + window.from) { [self] in prewarm(until: since + window.until) }
    }

    private func prewarm(until end: UInt64) {
        // Others' instances are not ended for it, and nobody else's memory is taken.
        guard isActive, isAtRest, spare?.isServing == true || executor.hasRoom(for: version.spec.memory), start() else {
            return
        }
        observer.instancePrewarmed(key)
        prewarmTimer = at(end) { [self] in
            guard restSince != nil else { return }
            idleTimes.missed()
            while evictIdle() {}
        }
    }

    private func at(_ moment: UInt64, _ action: @escaping () -> Void) -> Scheduled<Void> {
        let now = System.monotonicNanoseconds()
        let wait = TimeAmount.nanoseconds(Int64(clamping: moment > now ? moment - now : 0))
        return executor.eventLoop.assumeIsolated().scheduleTask(in: wait, action)
    }
}
