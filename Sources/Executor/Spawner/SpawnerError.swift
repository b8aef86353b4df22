/// Why there is no spawner.
package enum SpawnerError: Error, CustomStringConvertible {
    /// The program is in none of these places.
    case notFound([String])
    /// It could not be started, or its socket failed.
    case system(String)
    /// It started and found that it cannot isolate processes here; the report says what is missing.
    case refused(step: String, errno: Int32, report: String)
    /// It ended without a word.
    case lost

    package var description: String {
        switch self {
        case .notFound(let places): "godwit-spawner is not there; looked at \(places.joined(separator: " and "))"
        case .system(let reason): "the spawner could not be started: \(reason)"
        case .refused(_, 98, let report):
            "\(report); nodes on one machine need different names, see --name"
        case .refused(let step, let errno, let report):
            "this machine cannot isolate functions (\(step), errno \(errno)): \(report). "
                + "`godwit doctor` shows what is missing and how to get it"
        case .lost: "the spawner ended unexpectedly"
        }
    }
}
