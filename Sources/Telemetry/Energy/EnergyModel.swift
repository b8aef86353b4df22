/// Joules from CPU time and a power curve: the method `model`.
///
/// While CPUs are busy to a share u of all their time, one busy core-second costs the dynamic power at u divided by the
/// busy cores, u · cores. So the calls of a node that does nothing else together cost exactly its dynamic energy. A call
/// that runs keeps one core busy, therefore u is never taken below 1 / cores. The energy at rest is nobody's, and apart.
package struct EnergyModel: Hashable, Sendable {
    /// The power of the whole node.
    package let curve: PowerCurve
    /// Logical cores of the node; at least 1.
    package let cores: Int

    /// Makes a model of a node with so many logical cores.
    package init(curve: PowerCurve, cores: Int) {
        self.curve = curve
        self.cores = max(1, cores)
    }

    /// Dynamic power of one busy core in watts while the node is busy to this share (0 to 1).
    package func wattsPerBusyCore(at utilisation: Double) -> Double {
        let floor = 1 / Double(cores)
        let share = utilisation.isNaN ? floor : min(max(utilisation, floor), 1)
        return curve.dynamicWatts(at: share) / (share * Double(cores))
    }

    /// The dynamic energy of so much CPU time, in nanoseconds, at this utilisation.
    package func reading(cpuNanoseconds: UInt64, utilisation: Double) -> EnergyReading {
        let joules = Double(cpuNanoseconds) / 1e9 * wattsPerBusyCore(at: utilisation)
        return EnergyReading(joules: joules, method: .model)
    }

    /// The energy that the node at rest uses in so many nanoseconds, in joules.
    package func idleJoules(nanoseconds: UInt64) -> Double { curve.idleWatts * Double(nanoseconds) / 1e9 }
}
