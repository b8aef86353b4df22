import Synchronization

/// The energy of a node's calls by the best method there is: says at once what a call cost, and settles intervals.
///
/// The books are the settlements: they add up to what was measured or, without a meter, to what the model gives for the
/// whole machine. While a meter gives nothing, the model stands in, and every number says so. What is said of a single call
/// at its end is its CPU time at the price of the last intervals, or at the model's price before there was one.
package final class EnergyAccountant: Sendable {
    /// Held while an interval is settled, which reads files.
    private struct Sampling {
        var sampler: UtilisationSampler
        var floor = IdleFloor()
        /// When the last interval ended.
        var settled: UInt64
        /// Whether the meter's next number may be for time that the model was asked about.
        var isMeterLost: Bool
    }

    /// Held for moments only.
    private struct Books {
        var ledger = EnergyLedger()
        var totals = EnergyTotals()
        var utilisation = 0.0
        var watts: Double
        var method: EnergyMethod
    }

    private let model: EnergyModel
    private let meter: (any EnergyMeter)?
    private let idleWatts: Double?
    private let sampling: Mutex<Sampling>
    private let books: Mutex<Books>

    /// Makes an accountant whose first interval starts at `now`, in nanoseconds of ``Monotonic``.
    ///
    /// `idleWatts` is what the meter shows at rest; without it, that is learned (``IdleFloor``).
    package init(
        model: EnergyModel,
        meter: (any EnergyMeter)? = nil,
        idleWatts: Double? = nil,
        sampler: UtilisationSampler = UtilisationSampler(),
        now: UInt64 = Monotonic.now()
    ) {
        self.model = model
        self.meter = meter
        self.idleWatts = idleWatts
        var sampler = sampler
        _ = sampler.sample()
        let isMeterLost = meter?.advance() == nil
        self.sampling = Mutex(Sampling(sampler: sampler, settled: now, isMeterLost: isMeterLost))
        let method = isMeterLost ? .model : meter?.method ?? .model
        self.books = Mutex(Books(watts: model.curve.idleWatts, method: method))
    }

    /// How the last interval got its joules; before there was one, how the first is to get them.
    package var method: EnergyMethod { books.withLock { $0.method } }

    /// Share of the machine's CPU time that was busy in the last interval, 0 to 1.
    package var utilisation: Double { books.withLock { $0.utilisation } }

    /// The mean power over the last interval in watts, by ``method``; before there was one, that of the curve at rest.
    ///
    /// Of what the meter sees, or of the whole node where the model is asked.
    package var watts: Double { books.withLock { $0.watts } }

    /// All joules that were settled, idle ones included.
    package var joulesSoFar: Double { books.withLock { $0.totals.measured } }

    /// All intervals that were settled, summed.
    package var totals: EnergyTotals { books.withLock { $0.totals } }

    /// Charges a function with CPU time, in nanoseconds, and says what dynamic energy that is.
    ///
    /// While the load is steady, what is said of the calls of ten minutes is within 1 % of what is settled for them; that of
    /// a single interval differs by as much as its price does from the last ones'.
    package func charge(_ function: String, cpuNanoseconds: UInt64) -> EnergyReading {
        books.withLock { books in
            books.ledger.charge(function, cpuNanoseconds: cpuNanoseconds)
            guard let price = books.ledger.joulesPerCPUSecond, let method = books.ledger.priceMethod else {
                return model.reading(cpuNanoseconds: cpuNanoseconds, utilisation: books.utilisation)
            }
            return EnergyReading(joules: Double(cpuNanoseconds) / 1e9 * price, method: method)
        }
    }

    /// Ends the interval at `now`, in nanoseconds of ``Monotonic``; to be called every second or few.
    ///
    /// The shares are what the functions' energy counters grow by. Nil when the machine could not be read, in which case the
    /// interval goes on.
    package func settle(now: UInt64 = Monotonic.now()) -> EnergySettlement? {
        sampling.withLock { sampling in
            guard now > sampling.settled, let utilisation = sampling.sampler.sample() else { return nil }
            let interval = now - sampling.settled
            sampling.settled = now
            let energy = energy(over: interval, utilisation, &sampling)
            return books.withLock { books in
                let settlement = books.ledger.settle(
                    measuredJoules: energy.joules,
                    idleWatts: energy.idleWatts,
                    intervalNanoseconds: interval,
                    busyNanoseconds: utilisation.busyNanoseconds,
                    method: energy.method
                )
                books.utilisation = utilisation.share
                books.watts = settlement.watts
                books.method = energy.method
                books.totals.add(settlement)
                return settlement
            }
        }
    }

    /// The energy of an interval by the meter or, while that gives nothing, by the model.
    ///
    /// The first number after a loss is dropped: it may be for time that has been settled by the model.
    private func energy(
        over interval: UInt64,
        _ utilisation: Utilisation,
        _ sampling: inout Sampling
    ) -> (joules: Double, idleWatts: Double, method: EnergyMethod) {
        let joules = meter?.advance()
        let wasLost = sampling.isMeterLost
        sampling.isMeterLost = joules == nil
        if let meter, let joules, !wasLost {
            sampling.floor.observe(joules: joules, intervalNanoseconds: interval)
            return (joules, idleWatts ?? sampling.floor.watts ?? 0, meter.method)
        }
        let price = model.wattsPerBusyCore(at: utilisation.share)
        let dynamic = price * Double(utilisation.busyNanoseconds) / 1e9
        return (model.idleJoules(nanoseconds: interval) + dynamic, model.curve.idleWatts, .model)
    }
}
