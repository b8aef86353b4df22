/// Why nothing could be measured.
struct TimerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
