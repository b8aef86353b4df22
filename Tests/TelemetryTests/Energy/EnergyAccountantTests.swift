import Telemetry
import Testing

@Suite struct EnergyAccountantTests {
    private static let second: UInt64 = 1_000_000_000
    private static let model = EnergyModel(curve: .x86Server(cores: 2), cores: 2)

    private static func accountant(_ machine: FakeMachine, idleWatts: Double?) throws -> EnergyAccountant {
        EnergyAccountant(
            model: model,
            meter: try machine.makeMeter(),
            idleWatts: idleWatts,
            sampler: machine.sampler,
            now: 0
        )
    }

    @Test func withoutAMeterTheModelAddsUp() throws {
        let machine = try FakeMachine()
        let accountant = EnergyAccountant(model: Self.model, sampler: machine.sampler, now: 0)
        #expect(accountant.method == .model)
        #expect(accountant.watts == 1.48)
        #expect(accountant.settle(now: Self.second) == nil)
        let reading = accountant.charge("a", cpuNanoseconds: Self.second / 2)
        #expect(abs(reading.joules - 1.38) < 1e-9)
        #expect(reading.method == .model)
        // Two cores for a second, half of the time busy.
        try machine.run(busyTicks: 100, idleTicks: 100)
        let settlement = try #require(accountant.settle(now: Self.second))
        #expect(abs(settlement.measured - Self.model.curve.watts(at: 0.5)) < 1e-9)
        #expect(abs(settlement.idle - 1.48) < 1e-9)
        #expect(abs(settlement.shares["a", default: 0] - 1.38) < 1e-9)
        #expect(abs(settlement.unattributed - 1.38) < 1e-9)
        #expect(settlement.method == .model)
        #expect(accountant.utilisation == 0.5)
        #expect(accountant.watts == settlement.measured)
        #expect(accountant.joulesSoFar == settlement.measured)
    }

    @Test func withAMeterTheMeasurementIsSharedOut() throws {
        let machine = try FakeMachine()
        let accountant = try Self.accountant(machine, idleWatts: 5)
        #expect(accountant.method == .powercap)
        #expect(accountant.charge("a", cpuNanoseconds: Self.second).method == .model)
        try machine.run(busyTicks: 200, idleTicks: 200)
        try machine.use(microjoules: [20_000_000, 10_000_000])
        let settlement = try #require(accountant.settle(now: 2 * Self.second))
        let expected = EnergySettlement(
            measured: 30,
            idle: 10,
            shares: ["a": 10],
            unattributed: 10,
            method: .powercap,
            nanoseconds: 2 * Self.second
        )
        #expect(settlement == expected)
        #expect(accountant.watts == 15)
        let reading = accountant.charge("a", cpuNanoseconds: Self.second / 10)
        #expect(reading.method == .powercap)
        #expect(abs(reading.joules - 1) < 1e-9)
    }

    @Test func theIntervalGoesOnWhileTheMachineCannotBeRead() throws {
        let machine = try FakeMachine()
        let accountant = try Self.accountant(machine, idleWatts: 0)
        _ = accountant.charge("a", cpuNanoseconds: Self.second)
        try machine.use(microjoules: [3_000_000, 0])
        #expect(accountant.settle(now: Self.second) == nil)
        try machine.run(busyTicks: 200, idleTicks: 200)
        try machine.use(microjoules: [5_000_000, 0])
        let settlement = try #require(accountant.settle(now: 2 * Self.second))
        #expect(settlement.measured == 8)
        #expect(settlement.shares == ["a": 4])
        #expect(settlement.nanoseconds == 2 * Self.second)
    }

    @Test func whileTheMeterIsLostTheModelStandsIn() throws {
        let machine = try FakeMachine()
        let accountant = try Self.accountant(machine, idleWatts: 0)
        var now: UInt64 = 0
        func settle(lost: Bool) throws -> (settlement: EnergySettlement, reading: EnergyReading) {
            now += Self.second
            try machine.run(busyTicks: 100, idleTicks: 100)
            try machine.use(microjoules: [30_000_000, 10_000_000])
            if lost { try machine.hide(package: 1) }
            _ = accountant.charge("a", cpuNanoseconds: Self.second / 2)
            let settlement = try #require(accountant.settle(now: now))
            #expect(accountant.method == settlement.method)
            return (settlement, accountant.charge("b", cpuNanoseconds: Self.second / 2))
        }
        let modelled = Self.model.curve.watts(at: 0.5)
        // Lost for two intervals; the number after that is for three, of which the model has settled two already.
        let steps: [(lost: Bool, method: EnergyMethod, joules: Double)] = [
            (false, .powercap, 40), (true, .model, modelled), (true, .model, modelled), (false, .model, modelled),
            (false, .powercap, 40), (false, .powercap, 40), (true, .model, modelled),
        ]
        for step in steps {
            let (settlement, reading) = try settle(lost: step.lost)
            #expect(settlement.method == step.method)
            #expect(abs(settlement.measured - step.joules) < 1e-9)
            #expect(abs(accountant.watts - step.joules) < 1e-9)
            // The price is that of the last interval's method, never a mixture.
            #expect(reading.method == step.method)
            #expect(abs(reading.joules - (step.method == .powercap ? 20 : 1.38)) < 1e-9)
        }
        let totals = accountant.totals
        #expect(totals.intervals == 7)
        #expect(abs(totals.methods[.powercap, default: 0] - 120) < 1e-9)
        #expect(abs(totals.methods[.model, default: 0] - 4 * modelled) < 1e-9)
        #expect(totals.closure < 1e-9)
    }

    @Test func aMeterThatIsNotReadyYetIsNamedOnceItIs() throws {
        final class Late: EnergyMeter {
            let method = EnergyMethod.command
            let machine: TemporaryFolder
            init(_ machine: TemporaryFolder) { self.machine = machine }
            func advance() -> Double? { (try? machine.read("joules")).flatMap { Double($0) } }
        }
        let machine = try FakeMachine()
        let accountant = EnergyAccountant(
            model: Self.model,
            meter: Late(machine.folder),
            sampler: machine.sampler,
            now: 0
        )
        #expect(accountant.method == .model)
        try machine.folder.write("12", to: "joules")
        for (second, method) in [(1, .model), (2, .command)] as [(UInt64, EnergyMethod)] {
            try machine.run(busyTicks: 100, idleTicks: 100)
            #expect(accountant.settle(now: second * Self.second)?.method == method)
        }
        #expect(accountant.watts == 12)
    }
}
