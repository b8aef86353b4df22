import Telemetry
import Testing

/// Whether the books close: everything that a meter showed is in exactly one place.
@Suite struct EnergyTotalsTests {
    private static let second: UInt64 = 1_000_000_000
    private static let model = EnergyModel(curve: .x86Server(cores: 2), cores: 2)

    @Test("what was measured is idle, a function's, or nobody's", arguments: [nil, 9.5] as [Double?])
    func theBooksClose(idleWatts: Double?) throws {
        var random = SeededGenerator(7)
        // Small ranges, so that the counters begin anew all the time; both a little above what an interval can use.
        let machine = try FakeMachine(ranges: [181_234_567, 90_000_001])
        let accountant = EnergyAccountant(
            model: Self.model,
            meter: try machine.makeMeter(),
            idleWatts: idleWatts,
            sampler: machine.sampler,
            now: 0
        )
        var now: UInt64 = 0
        var microjoules: UInt64 = 0
        var shares: [String: Double] = [:]
        for _ in 0..<1000 {
            let interval = UInt64.random(in: 500_000_000...3_000_000_000, using: &random)
            let ticks = Int(interval / 10_000_000) * 2
            let busy = Int.random(in: 0...ticks, using: &random)
            let watts = (10 + 40 * Double(busy) / Double(ticks)) * Double.random(in: 0.9...1.1, using: &random)
            let used = watts * Double(interval) / 1e3
            let energy = [UInt64(used * 0.7), UInt64(used * 0.3)]
            microjoules += energy[0] + energy[1]
            // Calls are charged when they end, so some intervals are charged with more than their CPU time.
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let cpu = UInt64.random(in: 0...max(1, UInt64(busy) * 2_000_000), using: &random)
                let reading = accountant.charge("f\(Int.random(in: 0...4, using: &random))", cpuNanoseconds: cpu)
                #expect(reading.joules >= 0)
            }
            try machine.run(busyTicks: busy, idleTicks: ticks - busy)
            try machine.use(microjoules: energy)
            now += interval
            let settlement = try #require(accountant.settle(now: now))
            #expect(settlement.method == .powercap)
            shares.merge(settlement.shares, uniquingKeysWith: +)
        }
        #expect(machine.wraps > 200)
        let totals = accountant.totals
        let measured = Double(microjoules) / 1e6
        #expect(totals.intervals == 1000)
        #expect(abs(totals.measured - measured) <= 1e-9 * measured)
        #expect(abs(totals.idle + totals.attributed + totals.unattributed - measured) <= 1e-9 * measured)
        #expect(totals.closure <= 1e-9)
        #expect(totals.functions == shares)
        #expect(totals.methods.keys.sorted { $0.rawValue < $1.rawValue } == [.powercap])
        #expect(abs(accountant.joulesSoFar - measured) <= 1e-9 * measured)
        #expect(totals.attributed > 0 && totals.unattributed > 0 && totals.idle > 0)
    }

    /// The stated error: 1 % on a steady load (300 intervals whose power and CPU time vary by some percent), after the first.
    @Test(
        "what is said of calls at their end adds up to what is settled for them",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func readingsAgreeWithTheBooks(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let machine = try FakeMachine()
        let accountant = EnergyAccountant(
            model: Self.model,
            meter: try machine.makeMeter(),
            idleWatts: 10,
            sampler: machine.sampler,
            now: 0
        )
        var said: [String: Double] = [:]
        var settled: [String: Double] = [:]
        for index in 1...300 as ClosedRange<UInt64> {
            var busy: UInt64 = 0
            for call in 0..<60 {
                let function = ["small", "middle", "large"][call % 3]
                let mean = ["small": 2e6, "middle": 8e6, "large": 30e6][function, default: 0]
                let cpu = UInt64(mean * Double.random(in: 0.9...1.1, using: &random))
                busy += cpu
                let reading = accountant.charge(function, cpuNanoseconds: cpu)
                if index > 1 { said[function, default: 0] += reading.joules }
                #expect(reading.method == (index == 1 ? .model : .powercap))
            }
            // A tenth more is the platform's.
            let ticks = Int(Double(busy) * 1.1 / 1e7)
            try machine.run(busyTicks: ticks, idleTicks: 400 - ticks)
            let watts = (10 + 25 * Double(ticks) / 400) * Double.random(in: 0.95...1.05, using: &random)
            try machine.use(microjoules: [UInt64(watts * 2e6), 0])
            let settlement = try #require(accountant.settle(now: index * 2 * Self.second))
            if index > 1 { settled.merge(settlement.shares, uniquingKeysWith: +) }
        }
        for function in ["small", "middle", "large"] {
            let (left, right) = (said[function, default: 0], settled[function, default: 0])
            #expect(right > 0)
            #expect(abs(left - right) <= 0.01 * right, "\(function): said \(left) J, settled \(right) J")
        }
    }

    @Test func accountsAreBounded() {
        var totals = EnergyTotals(accountLimit: 2)
        #expect(totals.closure == 0)
        for index in 0..<5 {
            totals.add(EnergySettlement(measured: 2, idle: 1, shares: ["f\(index)": 1], unattributed: 0))
        }
        #expect(totals.functions == ["f0": 1, "f1": 1, EnergyLedger.other: 3])
        #expect(totals.closure == 0)
        // Parts that do not add up show.
        totals.add(EnergySettlement(measured: 10, idle: 1, shares: ["f0": 1], unattributed: 3))
        #expect(totals.closure == 0.25)
    }
}
