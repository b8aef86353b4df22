/// What four nodes have in common for all functions, ready to be computed with.
///
/// Columns of four side by side in one array: the scoring loop pays two bounds checks for four candidates, and reads
/// memory in order.
struct NodeBlock: Sendable {
    /// Milliseconds of a round trip.
    var roundTrip = Lanes.zero
    /// Milliseconds that a byte takes.
    var perByte = Lanes.zero
    /// Milliseconds that calls wait for those before them.
    var queue = Lanes.zero
    /// What running beside others adds, as a share of the time that the call runs alone.
    var contention = Lanes.zero
    /// Joules of a millisecond of CPU time.
    var joulesPerMillisecond = Lanes.zero
    /// Joules of a byte on the way.
    var joulesPerByte = Lanes.zero
    /// Cost of a millisecond of CPU time.
    var price = Lanes.zero
    /// Grams of CO2 equivalent of a joule.
    var gramsPerJoule = Lanes.zero
    /// What latency is stretched by because calls get lost.
    var failure = Lanes(repeating: 1)
    /// 0 where the node takes calls, infinite where it takes none; added to scores.
    var closed = Lanes(repeating: .infinity)
    /// 10³⁰ where it fails often, and gets calls only where there is no other.
    var failing = Lanes.zero
    /// Calls that are there.
    var active = Lanes.zero
    var cores = Lanes(repeating: 1)
    /// Whether it belongs to the tier `edge` (1), `cloud` (2) or another (0).
    var tier = Lanes.zero
    /// The numbers of its class of devices and of its tier, by which columns are rewritten.
    var classNumber = Lanes(repeating: -1)
    var tierNumber = Lanes(repeating: -1)
}
