/// Why the carbon intensity is not known, or no longer the newest.
package enum CarbonFailure: Error, Hashable, CustomStringConvertible {
    /// The file is not there, is empty, is longer than 1 MiB, or may not be read.
    case unreadable(path: String)
    /// A line of the file, counted from 1, is not what it should be; the beginning of it.
    case notUnderstood(path: String, line: Int, text: String)
    /// The command gave no number.
    case command(CommandFailure)
    /// The number is not from 0 to 100,000 g/kWh.
    case outOfRange(Double)

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read, is empty, or is longer than 1 MiB"
        case .notUnderstood(let path, let line, let text):
            "line \(line) of \(path) is '\(text)', not like '380' or '2026-01-31T12:00:00Z,380'"
        case .command(let failure): failure.description
        case .outOfRange(let number): "\(number) g/kWh is not from 0 to 100000"
        }
    }
}
