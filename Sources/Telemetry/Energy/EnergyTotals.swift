/// The energy of all intervals so far, and how far its parts add up to it.
package struct EnergyTotals: Hashable, Sendable {
    private let accountLimit: Int

    /// All that was measured (or modelled), in joules.
    package private(set) var measured = 0.0
    /// What the node would have used at rest, in joules.
    package private(set) var idle = 0.0
    /// Joules of what was no call.
    package private(set) var unattributed = 0.0
    /// Joules of each function; those beyond the limit of accounts are in ``EnergyLedger/other``.
    package private(set) var functions: [String: Double] = [:]
    /// What of ``measured`` was obtained in which way.
    package private(set) var methods: [EnergyMethod: Double] = [:]
    /// Intervals that were settled.
    package private(set) var intervals: UInt64 = 0

    /// Makes totals of nothing, with at most so many functions and ``EnergyLedger/other``.
    package init(accountLimit: Int = 10_000) {
        self.accountLimit = accountLimit
    }

    /// What all functions have used together, in joules.
    package var attributed: Double { functions.values.reduce(0, +) }

    /// How much of what was measured is in none of the parts, or in too many: |measured − idle − functions − unattributed|
    /// / measured; 0 before anything was measured.
    ///
    /// Anything but the rounding of numbers (1e-12 or so) is a fault of ours.
    package var closure: Double {
        measured > 0 ? (measured - idle - attributed - unattributed).magnitude / measured : 0
    }

    /// Adds an interval.
    package mutating func add(_ settlement: EnergySettlement) {
        measured += settlement.measured
        idle += settlement.idle
        unattributed += settlement.unattributed
        methods[settlement.method, default: 0] += settlement.measured
        intervals += 1
        for (name, joules) in settlement.shares {
            let isKnown = functions[name] != nil || functions.count < accountLimit
            functions[isKnown ? name : EnergyLedger.other, default: 0] += joules
        }
    }
}
