/// The machine that was measured on.
struct Machine: Hashable, Sendable, Codable {
    var processor: String
    let processors: Int
    let memoryGibibytes: Double
    let kernel: String
    let system: String
    /// The file system under the node's data.
    let fileSystem: String
    let isRoot: Bool
    /// Load of the last minute when the run began: what else was going on.
    let loadAtStart: Double
    var loadAtEnd: Double

    /// Describes this machine.
    static func describe(work: String) -> Machine {
        Machine(
            processor: value(of: "model name", in: "/proc/cpuinfo") ?? "unknown",
            processors: System.processorCount,
            memoryGibibytes: memory,
            kernel: firstWord("/proc/sys/kernel/osrelease"),
            system: value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "unknown",
            fileSystem: fileSystem(of: work),
            isRoot: System.isRoot,
            loadAtStart: load,
            loadAtEnd: load
        )
    }

    /// Load of the last minute.
    static var load: Double { Double(firstWord("/proc/loadavg")) ?? 0 }

    private static var memory: Double {
        let text = value(of: "MemTotal", in: "/proc/meminfo") ?? ""
        return (Double(text.prefix { $0 != " " }) ?? 0) / 1_048_576
    }

    private static func firstWord(_ path: String) -> String {
        System.text(of: path)?.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "unknown"
    }

    private static func value(of name: String, in path: String, separator: Character = ":") -> String? {
        let lines = System.text(of: path)?.split(separator: "\n") ?? []
        let value = lines.first { $0.hasPrefix(name) }?.split(separator: separator, maxSplits: 1).last
        return value.map { String($0.drop { $0 == " " || $0 == "\t" || $0 == "\"" }.prefix { $0 != "\"" }) }
    }

    /// The type of the file system that a folder is on: that of the longest mount point above it.
    private static func fileSystem(of path: String) -> String {
        let mounts = (System.text(of: "/proc/mounts") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        let above = mounts.filter { $0.count > 2 && ($0[1] == "/" || path == $0[1] || path.hasPrefix("\($0[1])/")) }
        return above.max { $0[1].count < $1[1].count }.map { String($0[2]) } ?? "unknown"
    }
}
