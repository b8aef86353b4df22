import Synchronization

/// One energy counter of a powercap tree.
///
/// It stays open, so that a node which drops its privileges can still read it.
final class PowercapZone: Sendable {
    /// What the kernel calls it: `package-0`.
    let name: String
    private let file: OpenFile
    private let range: UInt64
    private let last: Mutex<UInt64>

    /// Opens the zone in a folder; throws why it cannot be read.
    init(folder: String, name: String) throws(PowercapUnavailable) {
        let path = folder + "/energy_uj"
        switch System.openForReading(path) {
        case .failure(let errno): throw .unreadable(path: path, errno: errno.code)
        case .success(let file): self.file = file
        }
        guard let value = Self.read(file), let range = ProcText.number(folder + "/max_energy_range_uj"), range > 0
        else {
            throw .unreadable(path: path, errno: 0)
        }
        self.name = name
        self.range = range
        self.last = Mutex(value)
    }

    /// Microjoules since the last call, or since the zone was opened; nil when it cannot be read.
    ///
    /// The counter starts again at 0 when it reaches its range (some minutes at full power on large machines), which is
    /// taken into account once per call.
    func advance() -> UInt64? {
        guard let value = Self.read(file) else { return nil }
        return last.withLock { last in
            defer { last = value }
            return value >= last ? value - last : (range > last ? range - last : 0) + value
        }
    }

    private static func read(_ file: OpenFile) -> UInt64? {
        System.contents(of: file, limit: 64).flatMap(ProcText.number)
    }
}
