package import Logging

extension Logger.Level {
    /// Reads a level as people write it: any case, `warn` and `fatal` as well; throws what the levels are.
    package init(parsing text: String) throws(InvalidLogLevel) {
        switch text.lowercased() {
        case "warn": self = .warning
        case "err": self = .error
        case "fatal", "crit": self = .critical
        case let name:
            guard let level = Logger.Level(rawValue: name) else { throw InvalidLogLevel(text: text) }
            self = level
        }
    }
}
