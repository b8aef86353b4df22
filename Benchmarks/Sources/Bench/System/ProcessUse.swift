/// What one process has used so far, from `/proc`.
struct ProcessUse: Hashable, Sendable {
    let process: Int32
    let parent: Int32
    /// Name of its program's file; empty where this user may not see it.
    let program: String
    /// User and system time, without that of its children.
    let cpuMicroseconds: Double
    let residentBytes: Int
    /// The part of it that no file stands behind: what the process itself wants, rather than pages of its program.
    let anonymousBytes: Int
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
        let status = System.text(of: "/proc/\(process)/status") ?? ""
        self.anonymousBytes = Self.number("RssAnon:", in: status) * 1024
        self.wakeUps = System.names(in: "/proc/\(process)/task").reduce(0) { sum, thread in
            let status = System.text(of: "/proc/\(process)/task/\(thread)/status") ?? ""
            return sum + Self.number("voluntary_ctxt_switches:", in: status)
        }
    }

    /// The fields of `/proc/PID/stat` after the program's name, which may itself hold spaces and parentheses.
    static func fields(_ stat: String) -> [Substring]? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 21 ? fields : nil
    }

    /// The number behind a name in `/proc/PID/status`; 0 where there is none.
    static func number(_ name: String, in status: String) -> Int {
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }) }
            ?? 0
    }
}
