import Telemetry
import Testing

@Suite struct EnergyAccountantTests {
    private static let second: UInt64 = 1_000_000_000

    /// A fake machine of two cores whose clock and meter stand where a test puts them.
    private struct Machine {
        let folder: TemporaryFolder

        init() throws {
            self.folder = try TemporaryFolder()
            try folder.write("package-0\n", to: "intel-rapl:0/name")
            try folder.write("1000000000000\n", to: "intel-rapl:0/max_energy_range_uj")
            try set(busyTicks: 0, idleTicks: 0, microjoules: 0)
        }

        func set(busyTicks: Int, idleTicks: Int, microjoules: Int) throws {
            try folder.write("cpu \(busyTicks) 0 0 \(idleTicks) 0 0 0 0\ncpu0 1\ncpu1 1\n", to: "stat")
            try folder.write("\(microjoules)\n", to: "intel-rapl:0/energy_uj")
        }

        var sampler: UtilisationSampler { UtilisationSampler(path: folder.path + "/stat") }
    }

    private static let model = EnergyModel(curve: .x86Server(cores: 2), cores: 2)

    @Test func withoutAMeterTheModelAddsUp() throws {
        let machine = try Machine()
        let accountant = EnergyAccountant(model: Self.model, sampler: machine.sampler, now: 0)
        #expect(accountant.method == .model)
        #expect(accountant.settle(now: Self.second) == nil)
        let reading = accountant.charge("a", cpuNanoseconds: Self.second / 2)
        #expect(abs(reading.joules - 1.38) < 1e-9)
        #expect(reading.method == .model)
        // Two cores for a second, half of the time busy.
        try machine.set(busyTicks: 100, idleTicks: 100, microjoules: 0)
        let settlement = try #require(accountant.settle(now: Self.second))
        #expect(abs(settlement.measured - Self.model.curve.watts(at: 0.5)) < 1e-9)
        #expect(abs(settlement.idle - 1.48) < 1e-9)
        #expect(abs(settlement.shares["a", default: 0] - 1.38) < 1e-9)
        #expect(abs(settlement.unattributed - 1.38) < 1e-9)
        #expect(accountant.utilisation == 0.5)
    }

    @Test func withAMeterTheMeasurementIsSharedOut() throws {
        let machine = try Machine()
        let meter = try PowercapMeter(root: machine.folder.path)
        let accountant = EnergyAccountant(
            model: Self.model,
            meter: meter,
            idleWatts: 5,
            sampler: machine.sampler,
            now: 0
        )
        #expect(accountant.method == .powercap)
        #expect(accountant.charge("a", cpuNanoseconds: Self.second).method == .model)
        try machine.set(busyTicks: 200, idleTicks: 200, microjoules: 30_000_000)
        let settlement = try #require(accountant.settle(now: 2 * Self.second))
        #expect(settlement == EnergySettlement(measured: 30, idle: 10, shares: ["a": 10], unattributed: 10))
        let reading = accountant.charge("a", cpuNanoseconds: Self.second / 10)
        #expect(reading.method == .powercap)
        #expect(abs(reading.joules - 1) < 1e-9)
    }

    @Test func theIntervalGoesOnWhileTheMeterCannotBeRead() throws {
        let machine = try Machine()
        let meter = try PowercapMeter(root: machine.folder.path)
        let accountant = EnergyAccountant(
            model: Self.model,
            meter: meter,
            idleWatts: 0,
            sampler: machine.sampler,
            now: 0
        )
        _ = accountant.charge("a", cpuNanoseconds: Self.second)
        try machine.set(busyTicks: 100, idleTicks: 100, microjoules: 0)
        try machine.folder.write("?\n", to: "intel-rapl:0/energy_uj")
        #expect(accountant.settle(now: Self.second) == nil)
        try machine.set(busyTicks: 200, idleTicks: 200, microjoules: 8_000_000)
        let settlement = try #require(accountant.settle(now: 2 * Self.second))
        #expect(settlement == EnergySettlement(measured: 8, idle: 0, shares: ["a": 4], unattributed: 4))
    }

    @Test func theIdlePowerOfAMeterIsLearned() {
        var floor = IdleFloor()
        #expect(floor.watts == nil)
        floor.observe(joules: 40, intervalNanoseconds: 2 * Self.second)
        #expect(floor.watts == 20)
        floor.observe(joules: 7, intervalNanoseconds: Self.second)
        #expect(floor.watts == 7)
        floor.observe(joules: 27, intervalNanoseconds: Self.second)
        #expect(floor.watts.map { abs($0 - 7.2) < 1e-9 } == true)
        floor.observe(joules: .nan, intervalNanoseconds: Self.second)
        floor.observe(joules: 1, intervalNanoseconds: 0)
        #expect(floor.watts.map { abs($0 - 7.2) < 1e-9 } == true)
    }
}
