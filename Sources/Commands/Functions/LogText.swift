import Domain

/// A log line for people.
enum LogText {
    /// Time, level where it says something, and message: what a function prints has no level of its own.
    static func of(_ entry: LogEntry) -> String {
        let level = entry.stream == "log" ? "\(entry.level.uppercased()) " : ""
        return "\(Human.time(entry.time)) \(level)\(entry.message)"
    }
}
