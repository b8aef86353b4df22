/// Why an operator's command gave no number.
package enum CommandFailure: Error, Hashable, CustomStringConvertible {
    /// It could not be started: no such file, no right to run it.
    case notStarted(path: String, errno: Int32)
    /// It ended with a code other than 0.
    case exited(path: String, code: Int32)
    /// A signal ended it.
    case signalled(path: String, signal: Int32)
    /// It was killed because it took longer than this, in nanoseconds.
    case timedOut(path: String, nanoseconds: UInt64)
    /// It was killed because it wrote more than so many bytes.
    case wroteTooMuch(path: String, limit: Int)
    /// Its end was lost.
    case lost(path: String)
    /// It wrote something else than a number; the beginning of that, and an example of what would do.
    case notUnderstood(path: String, text: String, example: String)

    package var description: String {
        switch self {
        case .notStarted(let path, let errno): "\(path) cannot be started (errno \(errno))"
        case .exited(let path, let code): "\(path) ended with code \(code)"
        case .signalled(let path, let signal): "\(path) was ended by signal \(signal)"
        case .timedOut(let path, let nanoseconds):
            "\(path) took longer than \(DecimalText.fraction(nanoseconds, decimals: 9)) s and was killed"
        case .wroteTooMuch(let path, let limit): "\(path) wrote more than \(limit) bytes and was killed"
        case .lost(let path): "how \(path) ended is not known"
        case .notUnderstood(let path, let text, let example): "\(path) wrote '\(text)', which is not like '\(example)'"
        }
    }
}
