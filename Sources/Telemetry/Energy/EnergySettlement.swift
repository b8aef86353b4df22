/// How the measured energy of an interval was shared out: idle, all shares and the unattributed rest add up to it.
package struct EnergySettlement: Hashable, Sendable {
    /// All that the meter showed, in joules.
    package let measured: Double
    /// What the node would have used at rest, in joules; nobody's.
    package let idle: Double
    /// Joules of each account that was charged.
    package let shares: [String: Double]
    /// Dynamic joules of what was no call: the platform itself and other processes.
    package let unattributed: Double

    /// What was used beyond rest, in joules.
    package var dynamic: Double { measured - idle }

    /// Makes a settlement whose parts the caller has made to add up.
    package init(measured: Double, idle: Double, shares: [String: Double], unattributed: Double) {
        self.measured = measured
        self.idle = idle
        self.shares = shares
        self.unattributed = unattributed
    }
}
