import Foundation
import Telemetry

/// A machine of two cores with two CPU packages whose CPU times and energy counters stand where a test puts them.
final class FakeMachine {
    let folder: TemporaryFolder
    /// Microjoules at which the counters of the packages begin anew.
    let ranges: [UInt64]
    /// Times that a counter has begun anew.
    private(set) var wraps = 0
    private var counters: [UInt64] = [0, 0]
    /// Open, as a file that is cut and written again costs a visit to the disk.
    private var files: [String: FileHandle] = [:]
    private var busyTicks = 0
    private var idleTicks = 0

    init(ranges: [UInt64] = [1_000_000_000_000, 1_000_000_000_000]) throws {
        self.folder = try TemporaryFolder()
        self.ranges = ranges
        for index in ranges.indices {
            try folder.write("package-\(index)\n", to: "intel-rapl:\(index)/name")
            try folder.write("\(ranges[index])\n", to: "intel-rapl:\(index)/max_energy_range_uj")
        }
        try showTimes()
        try showCounters()
    }

    var sampler: UtilisationSampler { UtilisationSampler(path: folder.path + "/stat") }

    func makeMeter() throws -> PowercapMeter { try PowercapMeter(root: folder.path) }

    /// Lets CPU time pass, in ticks of 10 ms.
    func run(busyTicks: Int, idleTicks: Int) throws {
        self.busyTicks += busyTicks
        self.idleTicks += idleTicks
        try showTimes()
    }

    /// Lets the packages use energy, less than a range each.
    func use(microjoules: [UInt64]) throws {
        for (index, energy) in microjoules.enumerated() {
            counters[index] += energy
            if counters[index] >= ranges[index] {
                counters[index] -= ranges[index]
                wraps += 1
            }
        }
        try showCounters()
    }

    /// Makes a package unreadable, as one that has gone, until ``use(microjoules:)``.
    func hide(package index: Int) throws { try folder.write("", to: "intel-rapl:\(index)/energy_uj") }

    private func showTimes() throws {
        let (busy, idle) = (Self.padded(busyTicks), Self.padded(idleTicks))
        try show("cpu \(busy) 0 0 \(idle) 0 0 0 0\ncpu0 1\ncpu1 1\n", in: "stat")
    }

    private func showCounters() throws {
        for (index, value) in counters.enumerated() {
            try show("\(Self.padded(value))\n", in: "intel-rapl:\(index)/energy_uj")
        }
    }

    /// Writes over what is there, which is as long.
    private func show(_ text: String, in name: String) throws {
        if files[name] == nil {
            try folder.write(text, to: name)
            files[name] = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path + "/" + name))
        }
        try files[name]?.seek(toOffset: 0)
        try files[name]?.write(contentsOf: Data(text.utf8))
    }

    private static func padded(_ number: some BinaryInteger) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
}
