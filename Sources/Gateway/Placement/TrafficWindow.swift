package import Domain

/// What became of the calls of the last minute, by node.
package struct TrafficWindow {
    /// Seconds that are remembered.
    package static let length = 60

    private struct Tally {
        var calls = 0
        var failures = 0
        var violations = 0
        var cold = 0
        var joules = 0.0
        var grams = 0.0
        var times = LogHistogram()

        mutating func add(_ other: Tally) {
            calls += other.calls
            failures += other.failures
            violations += other.violations
            cold += other.cold
            joules += other.joules
            grams += other.grams
            times.add(other.times)
        }
    }

    private struct Second {
        var number: UInt64 = .max
        var tallies: [NodeName: Tally] = [:]
    }

    private var seconds = [Second](repeating: Second(), count: TrafficWindow.length)
    private var began: UInt64?

    package init() {}

    /// Counts a call that ended at `now`, in nanoseconds.
    package mutating func add(_ observed: ObservedOutcome, grams: Double, isMissed: Bool, at now: UInt64) {
        let second = now / 1_000_000_000
        began = began ?? second
        let slot = Int(second % UInt64(Self.length))
        if seconds[slot].number != second { seconds[slot] = Second(number: second) }
        var tally = seconds[slot].tallies.removeValue(forKey: observed.node) ?? Tally()
        tally.calls += 1
        if observed.failure != nil { tally.failures += 1 }
        if isMissed { tally.violations += 1 }
        if observed.start == .cold { tally.cold += 1 }
        tally.joules += observed.joules
        tally.grams += grams
        tally.times.add(observed.milliseconds)
        seconds[slot].tallies[observed.node] = tally
    }

    /// The last whole seconds, at most as many as there were.
    package func report(seconds count: Int, at now: UInt64) -> TrafficReport {
        let second = now / 1_000_000_000
        let count = UInt64(min(max(1, count), Self.length - 1))
        let first = max(second > count ? second - count : 0, began ?? second)
        var sums: [NodeName: Tally] = [:]
        for slot in seconds where slot.number >= first && slot.number < second {
            for (name, tally) in slot.tallies { sums[name, default: Tally()].add(tally) }
        }
        let shares = sums.map { name, tally in
            TrafficReport.Share(
                node: name,
                calls: tally.calls,
                failures: tally.failures,
                p50: tally.times.quantile(0.5),
                p95: tally.times.quantile(0.95),
                joules: tally.joules,
                grams: tally.grams,
                violations: tally.violations,
                cold: tally.cold
            )
        }
        return TrafficReport(
            seconds: Double(max(1, second - first)),
            shares: shares.sorted { $0.node.text < $1.node.text }
        )
    }
}
