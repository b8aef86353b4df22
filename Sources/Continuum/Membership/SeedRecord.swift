import Domain

/// A configured address of a peer: how a node finds its first peers, and finds them again after a long time.
struct SeedRecord: Sendable {
    let address: String
    var schedule: ProbeSchedule
    var failures = 0
    /// Who answered there last.
    var name: NodeName?
    /// Whether it is this node's own.
    var isSelf = false

    init(address: String, now: UInt64) {
        self.address = address
        self.schedule = ProbeSchedule(first: now)
    }

    mutating func answered(by name: NodeName, now: UInt64) {
        self.name = name
        failures = 0
        // Whoever is there is probed by name now; the address comes into play again when that node is gone.
        schedule.plan(after: Membership.backoffLimit, now: now, spread: 0)
    }

    mutating func failed(_ now: UInt64, spread: UInt64) {
        failures += 1
        schedule.plan(after: Membership.backoff(afterFailures: failures), now: now, spread: spread)
    }
}
