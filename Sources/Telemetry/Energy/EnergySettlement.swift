/// How the measured energy of an interval was shared out: idle, all shares and the unattributed rest add up to it.
package struct EnergySettlement: Hashable, Sendable {
    /// All that the meter showed or, without one, what the model gives for the whole machine, in joules.
    package let measured: Double
    /// What the node would have used at rest, in joules; nobody's.
    package let idle: Double
    /// Joules of each account that was charged.
    package let shares: [String: Double]
    /// Dynamic joules of what was no call: the platform itself and other processes.
    package let unattributed: Double
    /// How the joules were obtained.
    package let method: EnergyMethod
    /// Length of the interval.
    package let nanoseconds: UInt64

    /// What was used beyond rest, in joules.
    package var dynamic: Double { measured - idle }

    /// The mean power of the interval, in watts; 0 when it has no length.
    package var watts: Double { nanoseconds > 0 ? measured / (Double(nanoseconds) / 1e9) : 0 }

    /// Makes a settlement whose parts the caller has made to add up.
    package init(
        measured: Double,
        idle: Double,
        shares: [String: Double],
        unattributed: Double,
        method: EnergyMethod = .model,
        nanoseconds: UInt64 = 0
    ) {
        self.measured = measured
        self.idle = idle
        self.shares = shares
        self.unattributed = unattributed
        self.method = method
        self.nanoseconds = nanoseconds
    }
}
