/// How many calls may lie ahead of their turn with an instance of one version, by how short its calls are.
///
/// A call that follows another on a process which is awake costs neither side a wake-up, and a call that is short has not
/// to wait long for its turn. So calls are lined up where many in a row were short, as many as are done in a fraction of a
/// millisecond. When one then takes long after all, those behind it are taken back, and it takes more short ones in a row
/// until calls are lined up again: four times as many each time, and fewer again as time goes by without.
package struct Lookahead {
    /// Nanoseconds within which those that lie ahead should be done.
    static let budget: UInt64 = 250_000
    /// Nanoseconds without an answer after which those that lie ahead are taken back.
    static let patience: UInt64 = 5_000_000
    /// Nanoseconds of a call above which it is not short.
    static let shortRun: UInt64 = 2_000_000
    /// Nanoseconds that calls may be with their instance, in the mean; it includes what the event loop is behind.
    static let longestMean: UInt64 = 700_000
    /// The same where it is worth a trial: calls that are read one by one, from many instances, seem to take as long as two
    /// turns of a busy event loop, and would for ever if they were not lined up.
    static let longestTried: UInt64 = 1_400_000
    /// Calls after which a trial has to have shown that they are short.
    static let trial = 96
    /// The most that may lie ahead.
    package static let most = 16
    private static let firstStreak = 16
    private static let longestStreak = 4_096

    /// Short calls in a row until now, and how many there have to be.
    private var streak = 0
    private var neededStreak = firstStreak
    /// Processor time of a call, and time with its instance since its turn came, in nanoseconds: means, in which recent
    /// calls count most.
    private var meanCPU: UInt64 = 0
    private var meanRun: UInt64 = 0
    /// Calls that are left of a trial; nil while there is none.
    private var trialLeft: Int?

    package init() {}

    /// How many calls may lie ahead of their turn now.
    package var depth: Int {
        guard streak >= neededStreak else { return 0 }
        // Where calls wait for something, others could run meanwhile.
        guard meanRun <= Self.longestMean || trialLeft != nil else { return 0 }
        return Int(clamping: min(UInt64(Self.most), Self.budget / max(meanCPU, 1)))
    }

    /// Whether a call takes little of a processor, however long it waits for something.
    package var isLight: Bool { meanCPU > 0 && meanCPU <= Self.budget }

    /// A call has ended; both times are nanoseconds.
    package mutating func ended(run: UInt64, cpu: UInt64) {
        meanCPU = meanCPU == 0 ? cpu : meanCPU - meanCPU / 8 + cpu / 8
        meanRun = meanRun == 0 ? run : meanRun - meanRun / 8 + min(run, Self.shortRun) / 8
        guard run <= Self.shortRun else {
            streak = 0
            trialLeft = nil
            return
        }
        streak += 1
        if streak.isMultiple(of: Self.longestStreak) { neededStreak = max(Self.firstStreak, neededStreak / 4) }
        if streak >= neededStreak { judge() }
    }

    /// Begins a trial where one is worth it, or ends it.
    private mutating func judge() {
        if meanRun <= Self.longestMean {
            trialLeft = nil
        } else if let left = trialLeft {
            trialLeft = left - 1
            if left == 1 { failed() }
        } else if meanRun <= Self.longestTried {
            trialLeft = Self.trial
        }
    }

    /// Calls waited behind one that took long, or could not be told apart.
    package mutating func failed() {
        if streak >= neededStreak { neededStreak = min(neededStreak * 4, Self.longestStreak) }
        streak = 0
        trialLeft = nil
    }
}
