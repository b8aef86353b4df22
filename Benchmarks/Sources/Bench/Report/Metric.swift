/// Something that is measured: what it is called, in what it is counted, and which way is better.
struct Metric: Hashable, Sendable, Codable {
    /// Stable: reports of different days are compared by it.
    let id: String
    let title: String
    let unit: String
    let better: Better

    /// Which way is better.
    enum Better: String, Sendable, Codable {
        case lower
        case higher
    }
}
