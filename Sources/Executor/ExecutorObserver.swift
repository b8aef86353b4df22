package import Domain

/// Hears what happens on the executor, beside the outcomes of calls.
///
/// Called on the executor's event loop.
package protocol ExecutorObserver: Sendable {
    /// An instance can take calls; where the time of its start went.
    func instanceStarted(_ key: VersionKey, _ phases: CallPhases)
    /// An instance is started ahead of a call that is expected.
    func instancePrewarmed(_ key: VersionKey)
    /// An instance was forked from a zygote.
    func instanceForked(_ key: VersionKey)
    /// Calls were laid with instances ahead of their turn, and some were taken back, since it was told last.
    func callsLinedUp(_ count: Int, takenBack: Int, of key: VersionKey)
    /// An instance is gone. `failure` says why when nobody asked for it.
    func instanceEnded(_ key: VersionKey, failure: CallFailure?)
    /// A function wrote a line.
    func wrote(_ entry: LogEntry)
    /// So many bytes that a function wrote were not kept: it wrote more than it may.
    func outputDropped(_ bytes: Int, of key: VersionKey)
    /// A function reported a number about itself.
    func reported(_ metric: FunctionMetric, by key: VersionKey)
    /// A request that a function made through the egress broker has ended.
    func requested(_ request: EgressRequest, by key: VersionKey)
}
