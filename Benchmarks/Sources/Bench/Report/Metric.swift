/// Something that is measured: what it is called, in what it is counted, and which way is better.
struct Metric: Hashable, Sendable, Codable {
    /// Stable: reports of different days are compared by it.
    let id: String
    let title: String
    let unit: String
    let better: Better

    /// As the head of a column: `p50, µs`, `calls/s`.
    var heading: String { unit.isEmpty || unit.hasPrefix("/") ? title + unit : "\(title), \(unit)" }

    /// A value with its unit: `54.0 µs`, `9,120/s`.
    func show(_ value: Double) -> String {
        unit.isEmpty ? Number.decimal(value, places: 0) : Number.text(value) + (unit.hasPrefix("/") ? "" : " ") + unit
    }

    /// Which way is better.
    enum Better: String, Sendable, Codable {
        case lower
        case higher
    }
}
