import Watching

/// What the function answers.
struct Findings: Encodable {
    var sensors: [SensorReport]
}
