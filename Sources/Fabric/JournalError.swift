/// Why the journal could not do what was asked.
package enum JournalError: Error, Equatable, CustomStringConvertible {
    /// The disk is full, or the journal has reached a bound of its own (of its size, or of what waits to be written);
    /// nothing was accepted.
    case full
    /// The store failed otherwise; the text is for the operator's log.
    case failed(String)

    package var description: String {
        switch self {
        case .full: "there is no room left for accepted calls"
        case .failed(let reason): "the journal failed: \(reason)"
        }
    }
}
