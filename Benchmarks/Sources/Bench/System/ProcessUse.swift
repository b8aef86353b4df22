/// What one process has used so far, from `/proc`.
struct ProcessUse: Hashable, Sendable {
    let process: Int32
    let parent: Int32
    /// Name of its program's file; empty where this user may not see it.
    let program: String
    /// User and system time, without that of its children.
    let cpuMicroseconds: Double
    let residentBytes: Int
    /// Times that one of its threads went to sleep and was woken.
    let wakeUps: Int

    /// Reads a process; nil when it is gone.
    init?(process: Int32) {
        guard let stat = System.text(of: "/proc/\(process)/stat"), let fields = Self.fields(stat),
            let parent = Int32(fields[1]), let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Int(fields[21])
        else { return nil }
        self.process = process
        self.parent = parent
        let path = System.linkTarget("/proc/\(process)/exe") ?? ""
        self.program = path.split(separator: "/").last.map(String.init) ?? ""
        self.cpuMicroseconds = (user + system) * 1_000_000 / Double(System.ticksPerSecond)
        self.residentBytes = pages * System.pageSize
        self.wakeUps = System.names(in: "/proc/\(process)/task").reduce(0) { sum, thread in
            sum + Self.voluntarySwitches(System.text(of: "/proc/\(process)/task/\(thread)/status") ?? "")
        }
    }

    /// The fields of `/proc/PID/stat` after the program's name, which may itself hold spaces and parentheses.
    static func fields(_ stat: String) -> [Substring]? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 21 ? fields : nil
    }

    static func voluntarySwitches(_ status: String) -> Int {
        let name = "voluntary_ctxt_switches:"
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }) } ?? 0
    }
}
