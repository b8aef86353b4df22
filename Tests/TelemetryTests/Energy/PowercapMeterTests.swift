import Telemetry
import Testing

@Suite struct PowercapMeterTests {
    private static func makeTree(_ zones: [(folder: String, name: String, energy: UInt64)]) throws -> TemporaryFolder {
        let tree = try TemporaryFolder()
        for zone in zones {
            try tree.write("\(zone.name)\n", to: zone.folder + "/name")
            try tree.write("\(zone.energy)\n", to: zone.folder + "/energy_uj")
            try tree.write("1000000000\n", to: zone.folder + "/max_energy_range_uj")
        }
        return tree
    }

    @Test func addsPackagesOnly() throws {
        let tree = try Self.makeTree([
            ("intel-rapl:0", "package-0", 1_000_000), ("intel-rapl:1", "package-1", 5_000_000),
            ("intel-rapl:0:0", "core", 1), ("intel-rapl:0:1", "dram", 1), ("intel-rapl:2", "psys", 1),
            ("intel-rapl-mmio:0", "package-0", 1), ("dtpm", "package-9", 1),
        ])
        let meter = try PowercapMeter(root: tree.path)
        #expect(meter.packages == ["package-0", "package-1"])
        #expect(meter.advance() == 0)
        try tree.write("1500000\n", to: "intel-rapl:0/energy_uj")
        try tree.write("7250000\n", to: "intel-rapl:1/energy_uj")
        try tree.write("900000000\n", to: "intel-rapl:2/energy_uj")
        #expect(meter.advance() == 2.75)
        #expect(meter.advance() == 0)
    }

    @Test func countersWrapAround() throws {
        let tree = try Self.makeTree([("intel-rapl:0", "package-0", 999_000_000)])
        let meter = try PowercapMeter(root: tree.path)
        try tree.write("2000000\n", to: "intel-rapl:0/energy_uj")
        #expect(meter.advance() == 3)
        try tree.write("2500000\n", to: "intel-rapl:0/energy_uj")
        #expect(meter.advance() == 0.5)
    }

    @Test func whatCannotBeReadForAWhileCountsLater() throws {
        let tree = try Self.makeTree([
            ("intel-rapl:0", "package-0", 1_000_000), ("intel-rapl:1", "package-1", 1_000_000),
        ])
        let meter = try PowercapMeter(root: tree.path)
        try tree.write("2000000\n", to: "intel-rapl:0/energy_uj")
        try tree.write("nonsense\n", to: "intel-rapl:1/energy_uj")
        #expect(meter.advance() == nil)
        try tree.write("4000000\n", to: "intel-rapl:1/energy_uj")
        #expect(meter.advance() == 4)
    }

    @Test func aZoneThatVanishesGivesNoNumber() throws {
        let tree = try Self.makeTree([
            ("intel-rapl:0", "package-0", 1_000_000), ("intel-rapl:1", "package-1", 1_000_000),
        ])
        let meter = try PowercapMeter(root: tree.path)
        #expect(meter.method == .powercap)
        // Whoever has the file of a zone open that is gone reads nothing.
        try tree.write("", to: "intel-rapl:1/energy_uj")
        try tree.remove("intel-rapl:1")
        try tree.write("2000000\n", to: "intel-rapl:0/energy_uj")
        for _ in 0..<3 { #expect(meter.advance() == nil) }
    }

    @Test("any sequence adds up, wraps included", arguments: 0..<20 as Range<UInt64>)
    func addsUp(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let tree = try Self.makeTree([("intel-rapl:0", "package-0", 0)])
        let meter = try PowercapMeter(root: tree.path)
        var (counter, total, sum): (UInt64, UInt64, Double) = (0, 0, 0)
        for _ in 0..<200 {
            let step = UInt64.random(in: 0...999_999_999, using: &random)
            total += step
            counter = (counter + step) % 1_000_000_000
            try tree.write("\(counter)\n", to: "intel-rapl:0/energy_uj")
            sum += try #require(meter.advance())
        }
        #expect(abs(sum - Double(total) / 1e6) <= 1e-9 * sum)
    }

    @Test func saysThatThereIsNone() throws {
        let tree = try Self.makeTree([("intel-rapl:0", "psys", 1)])
        #expect(throws: PowercapUnavailable.absent(path: tree.path)) { try PowercapMeter(root: tree.path) }
        let nowhere = tree.path + "/nowhere"
        #expect(throws: PowercapUnavailable.absent(path: nowhere)) { try PowercapMeter(root: nowhere) }
    }

    @Test func saysWhatCannotBeRead() throws {
        let tree = try Self.makeTree([("intel-rapl:0", "package-0", 1)])
        let path = tree.path + "/intel-rapl:0/energy_uj"
        try tree.remove("intel-rapl:0/energy_uj")
        // ENOENT; as root, a file without permissions would be readable all the same.
        #expect(throws: PowercapUnavailable.unreadable(path: path, errno: 2)) { try PowercapMeter(root: tree.path) }
        try tree.write("\n", to: "intel-rapl:0/energy_uj")
        #expect(throws: PowercapUnavailable.unreadable(path: path, errno: 0)) { try PowercapMeter(root: tree.path) }
    }
}
