import Synchronization

/// The energy of a node's calls by the best method there is: says at once what a call cost, and settles intervals.
///
/// The books are the settlements: they add up to what was measured or, without a meter, to what the model gives for the
/// whole machine. What is said of a single call at its end is its CPU time at the price of the last intervals, or at the
/// model's price before there was one.
package final class EnergyAccountant: Sendable {
    private struct State {
        var sampler: UtilisationSampler
        var ledger = EnergyLedger()
        var floor = IdleFloor()
        var utilisation = 0.0
        /// When the last interval ended.
        var settled: UInt64
        /// Busy CPU time since then that was sampled already, because the meter could not be read.
        var busy: UInt64 = 0
    }

    private let model: EnergyModel
    private let meter: PowercapMeter?
    private let idleWatts: Double?
    private let state: Mutex<State>

    /// Makes an accountant whose first interval starts at `now`, in nanoseconds of ``Monotonic``.
    ///
    /// `idleWatts` is what the meter shows at rest; without it, that is learned (``IdleFloor``).
    package init(
        model: EnergyModel,
        meter: PowercapMeter? = nil,
        idleWatts: Double? = nil,
        sampler: UtilisationSampler = UtilisationSampler(),
        now: UInt64 = Monotonic.now()
    ) {
        self.model = model
        self.meter = meter
        self.idleWatts = idleWatts
        var sampler = sampler
        _ = sampler.sample()
        _ = meter?.advance()
        self.state = Mutex(State(sampler: sampler, settled: now))
    }

    /// How settlements get their joules.
    package var method: EnergyMethod { meter == nil ? .model : .powercap }

    /// Share of the machine's CPU time that was busy in the last interval, 0 to 1.
    package var utilisation: Double { state.withLock { $0.utilisation } }

    /// Charges a function with CPU time, in nanoseconds, and says what dynamic energy that is.
    package func charge(_ function: String, cpuNanoseconds: UInt64) -> EnergyReading {
        state.withLock { state in
            state.ledger.charge(function, cpuNanoseconds: cpuNanoseconds)
            guard let price = state.ledger.joulesPerCPUSecond else {
                return model.reading(cpuNanoseconds: cpuNanoseconds, utilisation: state.utilisation)
            }
            return EnergyReading(joules: Double(cpuNanoseconds) / 1e9 * price, method: method)
        }
    }

    /// Ends the interval at `now`, in nanoseconds of ``Monotonic``; to be called every second or few.
    ///
    /// The shares are what the functions' energy counters grow by, with ``method``. Nil when the machine or the meter could
    /// not be read, in which case the interval goes on.
    package func settle(now: UInt64 = Monotonic.now()) -> EnergySettlement? {
        state.withLock { state in
            guard now > state.settled, let utilisation = state.sampler.sample() else { return nil }
            state.utilisation = utilisation.share
            state.busy += utilisation.busyNanoseconds
            let interval = now - state.settled
            let modelIdle = model.idleJoules(nanoseconds: interval)
            let measured: Double
            var idle = model.curve.idleWatts
            if let meter {
                guard let joules = meter.advance() else { return nil }
                measured = joules
                state.floor.observe(joules: joules, intervalNanoseconds: interval)
                idle = idleWatts ?? state.floor.watts ?? idle
            } else {
                let price = model.wattsPerBusyCore(at: utilisation.share)
                measured = modelIdle + price * Double(state.busy) / 1e9
            }
            defer {
                state.settled = now
                state.busy = 0
            }
            return state.ledger.settle(
                measuredJoules: measured,
                idleWatts: idle,
                intervalNanoseconds: interval,
                busyNanoseconds: state.busy
            )
        }
    }
}
