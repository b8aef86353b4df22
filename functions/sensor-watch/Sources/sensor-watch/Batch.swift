import Watching

/// What the function is called with.
struct Batch: Decodable {
    var readings: [Reading]
    var threshold: Double?
    var gapFactor: Double?
    var stuckCount: Int?
}
