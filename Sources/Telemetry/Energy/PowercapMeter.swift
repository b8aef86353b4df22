import Synchronization

/// Measures the energy of all CPU packages of the machine by a powercap tree (Intel RAPL; AMD has the same names).
///
/// Only the zones of whole packages count (`intel-rapl:N` whose name begins with `package`): `core`, `uncore` and `dram`
/// are parts of them or not on all machines, `psys` and `intel-rapl-mmio` would count the same energy again.
package final class PowercapMeter: EnergyMeter {
    package let method = EnergyMethod.powercap

    private let zones: [PowercapZone]
    /// Microjoules of zones that could be read when another could not.
    private let carried = Mutex<UInt64>(0)

    /// Opens the package zones; do so before privileges are dropped.
    ///
    /// Throws why there is nothing to measure with.
    package init(root: String = "/sys/class/powercap") throws(PowercapUnavailable) {
        var zones: [PowercapZone] = []
        for folder in (System.names(in: root) ?? []).sorted() where Self.isTopLevel(folder) {
            let path = root + "/" + folder
            guard let name = ProcText.text(path + "/name").map(Self.trimmed), name.hasPrefix("package") else {
                continue
            }
            zones.append(try PowercapZone(folder: path, name: name))
        }
        guard !zones.isEmpty else { throw .absent(path: root) }
        self.zones = zones
    }

    /// Names of the packages that are measured.
    package var packages: [String] { zones.map(\.name) }

    /// Joules since the last call, or since the meter was made; nil when a zone could not be read, whose energy then
    /// counts in the next call.
    ///
    /// Must be called at least every minute or so, before a counter can wrap twice.
    package func advance() -> Double? {
        var microjoules: UInt64 = 0
        var isWhole = true
        for zone in zones {
            if let energy = zone.advance() { microjoules += energy } else { isWhole = false }
        }
        return carried.withLock { carried in
            carried += microjoules
            guard isWhole else { return nil }
            defer { carried = 0 }
            return Double(carried) / 1e6
        }
    }

    /// `intel-rapl:0`, not `intel-rapl:0:1` and not `intel-rapl-mmio:0`.
    private static func isTopLevel(_ name: String) -> Bool {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "intel-rapl" && UInt(parts[1]) != nil
    }

    private static func trimmed(_ text: String) -> String {
        ProcText.fields(text).joined(separator: " ")
    }
}
