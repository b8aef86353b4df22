import Telemetry
import Testing

@Suite struct EnergyLedgerTests {
    @Test func sharesDynamicEnergyByCPUTime() {
        var ledger = EnergyLedger()
        #expect(ledger.joulesPerCPUSecond == nil)
        ledger.charge("a", cpuNanoseconds: 200_000_000)
        ledger.charge("b", cpuNanoseconds: 100_000_000)
        ledger.charge("a", cpuNanoseconds: 100_000_000)
        ledger.charge("c", cpuNanoseconds: 0)
        let settlement = ledger.settle(
            measuredJoules: 20,
            idleWatts: 4,
            intervalNanoseconds: 2_000_000_000,
            busyNanoseconds: 800_000_000
        )
        #expect(settlement.idle == 8)
        #expect(settlement.dynamic == 12)
        #expect(abs(settlement.shares["a", default: 0] - 4.5) < 1e-12)
        #expect(abs(settlement.shares["b", default: 0] - 1.5) < 1e-12)
        #expect(settlement.shares.count == 2)
        #expect(abs(settlement.unattributed - 6) < 1e-12)
        #expect(ledger.joulesPerCPUSecond.map { abs($0 - 15) < 1e-9 } == true)
    }

    @Test("always adds up", arguments: 0..<50 as Range<UInt64>)
    func addsUp(seed: UInt64) {
        var random = SeededGenerator(seed)
        var ledger = EnergyLedger()
        for _ in 0..<20 {
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let nanoseconds = UInt64.random(in: 0...2_000_000_000, using: &random)
                ledger.charge("f\(Int.random(in: 0...9, using: &random))", cpuNanoseconds: nanoseconds)
            }
            let measured = Double.random(in: 0...500, using: &random)
            let settlement = ledger.settle(
                measuredJoules: measured,
                idleWatts: Double.random(in: 0...100, using: &random),
                intervalNanoseconds: UInt64.random(in: 1...5_000_000_000, using: &random),
                busyNanoseconds: UInt64.random(in: 0...20_000_000_000, using: &random)
            )
            let parts = settlement.shares.values.reduce(settlement.idle + settlement.unattributed, +)
            #expect(abs(parts - measured) <= 1e-9 * max(1, measured))
            #expect(settlement.shares.values.allSatisfy { $0 >= 0 } && settlement.unattributed >= 0)
        }
    }

    @Test func withoutAnyCPUTimeNobodyIsBilled() {
        var ledger = EnergyLedger()
        let settlement = ledger.settle(
            measuredJoules: 5,
            idleWatts: 1,
            intervalNanoseconds: 1_000_000_000,
            busyNanoseconds: 0
        )
        let expected = EnergySettlement(
            measured: 5,
            idle: 1,
            shares: [:],
            unattributed: 4,
            nanoseconds: 1_000_000_000
        )
        #expect(settlement == expected)
    }

    @Test(arguments: [(2, 10), (-3, 1), (.nan, 1), (.infinity, 1), (5, -1)] as [(Double, Double)])
    func oddReadingsDoNoHarm(_ measured: Double, _ idle: Double) {
        var ledger = EnergyLedger()
        ledger.charge("a", cpuNanoseconds: 1000)
        let settlement = ledger.settle(
            measuredJoules: measured,
            idleWatts: idle,
            intervalNanoseconds: 1_000_000_000,
            busyNanoseconds: 0
        )
        #expect(settlement.idle >= 0 && settlement.idle <= settlement.measured)
        #expect(settlement.shares["a"] == settlement.dynamic)
    }

    @Test func accountsAreBounded() {
        var ledger = EnergyLedger(accountLimit: 3)
        for index in 0..<100 { ledger.charge("f\(index)", cpuNanoseconds: 1) }
        let settlement = ledger.settle(
            measuredJoules: 100,
            idleWatts: 0,
            intervalNanoseconds: 1,
            busyNanoseconds: 100
        )
        #expect(settlement.shares.count == 4)
        #expect(abs(settlement.shares[EnergyLedger.other, default: 0] - 97) < 1e-9)
    }

    @Test func thePriceFollowsSlowly() throws {
        var ledger = EnergyLedger()
        func settle(_ joules: Double) {
            _ = ledger.settle(
                measuredJoules: joules,
                idleWatts: 0,
                intervalNanoseconds: 1_000_000_000,
                busyNanoseconds: 1_000_000_000
            )
        }
        for _ in 0..<10 { settle(2) }
        #expect(try abs(#require(ledger.joulesPerCPUSecond) - 2) < 1e-9)
        settle(12)
        #expect(try (3...5).contains(#require(ledger.joulesPerCPUSecond)))
        for _ in 0..<60 { settle(12) }
        #expect(try abs(#require(ledger.joulesPerCPUSecond) - 12) < 0.01)
    }
}
