/// Shares the measured energy of intervals among accounts (functions) by the CPU time they were charged with.
///
/// The rule, for each interval:
/// 1. idle = min(measured, power at rest · length); dynamic = measured − idle.
/// 2. The whole CPU time is what the machine was busy, or all charges together where these are more (a call is charged
///    when it ends, with time that may lie in earlier intervals).
/// 3. An account gets dynamic · its CPU time / the whole CPU time. What is left is unattributed, and nobody is billed for
///    it. If there was no CPU time at all, everything is.
///
/// Idle, shares and rest always add up to what was measured. A value type without clock or I/O.
package struct EnergyLedger: Hashable, Sendable {
    /// The account of all charges beyond the limit of accounts.
    package static let other = "other"

    /// What an interval weighs in the price compared with the one after it.
    private static let memory = 0.8

    private let accountLimit: Int
    private var charges: [String: UInt64] = [:]
    /// Dynamic joules and CPU seconds of past intervals, each weighing a fifth less than the one after it.
    private var recentJoules = 0.0
    private var recentSeconds = 0.0
    /// How the joules of those intervals were obtained.
    private var recentMethod: EnergyMethod?

    /// Makes an empty ledger with at most so many accounts and ``other``.
    package init(accountLimit: Int = 10_000) {
        self.accountLimit = accountLimit
    }

    /// Dynamic joules of one CPU second over the last intervals; nil before there was one with any CPU time.
    ///
    /// Begins anew when the method changes, as a meter and the model may see different parts of the machine.
    package var joulesPerCPUSecond: Double? { recentSeconds > 0 ? recentJoules / recentSeconds : nil }

    /// How the price was obtained; nil while there is none.
    package var priceMethod: EnergyMethod? { recentSeconds > 0 ? recentMethod : nil }

    /// Charges an account with CPU time, in nanoseconds.
    package mutating func charge(_ account: String, cpuNanoseconds: UInt64) {
        guard cpuNanoseconds > 0 else { return }
        let account = charges[account] != nil || charges.count < accountLimit ? account : Self.other
        charges[account, default: 0] &+= cpuNanoseconds
    }

    /// Ends an interval and shares out its energy; charges start again at zero.
    package mutating func settle(
        measuredJoules: Double,
        idleWatts: Double,
        intervalNanoseconds: UInt64,
        busyNanoseconds: UInt64,
        method: EnergyMethod = .model
    ) -> EnergySettlement {
        let measured = measuredJoules.isFinite ? max(0, measuredJoules) : 0
        let idle = min(measured, max(0, idleWatts) * Double(intervalNanoseconds) / 1e9)
        let dynamic = measured - idle
        let charged = charges.values.reduce(0, &+)
        let whole = max(charged, busyNanoseconds)
        defer { charges.removeAll(keepingCapacity: true) }
        guard whole > 0 else {
            return EnergySettlement(
                measured: measured,
                idle: idle,
                shares: [:],
                unattributed: dynamic,
                method: method,
                nanoseconds: intervalNanoseconds
            )
        }
        let perNanosecond = dynamic / Double(whole)
        if method != recentMethod { (recentJoules, recentSeconds, recentMethod) = (0, 0, method) }
        recentJoules = recentJoules * Self.memory + dynamic
        recentSeconds = recentSeconds * Self.memory + Double(whole) / 1e9
        let shares = charges.mapValues { Double($0) * perNanosecond }
        let rest = Double(whole - charged) * perNanosecond
        return EnergySettlement(
            measured: measured,
            idle: idle,
            shares: shares,
            unattributed: rest,
            method: method,
            nanoseconds: intervalNanoseconds
        )
    }
}
