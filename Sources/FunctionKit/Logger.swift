/// Writes entries into the log of a call.
public struct Logger: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    /// Writes an entry.
    ///
    /// Text beyond 32 KiB is cut.
    public func log(_ level: LogLevel, _ message: String) { call.log(level, message) }

    /// Writes every step.
    public func trace(_ message: String) { log(.trace, message) }

    /// Writes what helps to find a mistake.
    public func debug(_ message: String) { log(.debug, message) }

    /// Writes what happened.
    public func info(_ message: String) { log(.info, message) }

    /// Writes what is worth a look.
    public func notice(_ message: String) { log(.notice, message) }

    /// Writes what was not as it should be.
    public func warning(_ message: String) { log(.warning, message) }

    /// Writes what failed.
    public func error(_ message: String) { log(.error, message) }

    /// Writes that nothing works any more.
    public func critical(_ message: String) { log(.critical, message) }
}
