/// How grave a log entry is.
public enum LogLevel: UInt8, Sendable, CaseIterable, Comparable, CustomStringConvertible {
    /// Every step.
    case trace = 0
    /// What helps to find a mistake.
    case debug = 1
    /// What happened.
    case info = 2
    /// What happened and is worth a look.
    case notice = 3
    /// Something is not as it should be, and was coped with.
    case warning = 4
    /// Something failed.
    case error = 5
    /// Nothing works any more.
    case critical = 6

    /// The level's name in lower case.
    public var description: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// Whether `left` is less grave than `right`.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
