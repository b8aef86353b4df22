import Telemetry
import Testing

@Suite struct UtilisationSamplerTests {
    private static let stat = """
        cpu  100 20 30 400 50 6 4 40 7 0
        cpu0 50 10 15 200 25 3 2 20 7 0
        cpu1 50 10 15 200 25 3 2 20 0 0
        intr 1 2 3
        btime 5

        """

    @Test func readsTheKernelsTimes() throws {
        let times = try #require(CPUTimes(parsing: Self.stat))
        // Ticks of 10 ms, as everywhere on Linux: user + nice + system + irq + softirq, and idle + iowait.
        #expect(times == CPUTimes(busy: 160 * 10_000_000, idle: 450 * 10_000_000, cores: 2))
    }

    @Test(arguments: ["", "cpu", "cpu a b c d", "intr 1"])
    func refusesOtherText(_ text: String) { #expect(CPUTimes(parsing: text) == nil) }

    @Test func tellsTheShareBetweenSamples() {
        var sampler = UtilisationSampler()
        #expect(sampler.advance(to: CPUTimes(busy: 10, idle: 10, cores: 2)) == nil)
        let first = sampler.advance(to: CPUTimes(busy: 40, idle: 20, cores: 2))
        #expect(first == Utilisation(share: 0.75, busyNanoseconds: 30, cores: 2))
        #expect(sampler.advance(to: CPUTimes(busy: 40, idle: 20, cores: 2)) == nil)
        // Idle time may go back by a little.
        #expect(sampler.advance(to: CPUTimes(busy: 50, idle: 19, cores: 2))?.share == 1)
    }

    @Test func readsThisMachine() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.stat, to: "stat")
        var sampler = UtilisationSampler(path: folder.path + "/stat")
        #expect(sampler.sample() == nil)
        try folder.write("cpu 110 20 30 430 50 6 4 40 7 0\ncpu0 1 1 1 1\n", to: "stat")
        #expect(sampler.sample()?.share == 0.25)
        try folder.remove("stat")
        #expect(sampler.sample() == nil)
        var real = UtilisationSampler()
        _ = real.sample()
        var utilisation: Utilisation?
        for _ in 0..<50_000_000 where utilisation == nil { utilisation = real.sample() }
        #expect(try (0...1).contains(#require(utilisation).share))
    }
}
