/// While no call is with it.
extension Instance {
    /// Stops it if it has used more of a processor than it may while it idled; returns the share that it has used then.
    ///
    /// `since` is when it became idle; it is looked at twice while it idles, the first time only to compare with.
    func stopIfBusy(idleSince since: UInt64, at now: UInt64) -> Double? {
        guard !isFrozen, let process, let used = System.processCPU(process.pid) else { return nil }
        guard let share = idleness.share(used: used, idleSince: since, at: now), share > Idleness.allowedShare else {
            return nil
        }
        isFrozen = true
        pool.executor.spawner.freeze(id, true)
        return share
    }

    /// Lets it go on, for a call.
    func goOn() {
        guard isFrozen else { return }
        isFrozen = false
        pool.executor.spawner.freeze(id, false)
    }
}
