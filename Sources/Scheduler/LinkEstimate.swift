/// What is known of the way to another node.
package struct LinkEstimate: Hashable, Sendable {
    /// From a request to the beginning of its answer, without the time the node takes.
    package let roundTripMilliseconds: Double
    /// How fast bodies go.
    package let bytesPerMillisecond: Double

    /// An estimate; figures that make no sense are taken as what is usual.
    package init(roundTripMilliseconds: Double, bytesPerMillisecond: Double) {
        let usual = LinkEstimate.usual
        let isTime = roundTripMilliseconds.isFinite && roundTripMilliseconds >= 0
        let isSpeed = bytesPerMillisecond.isFinite && bytesPerMillisecond > 0
        self.init(
            checked: isTime ? roundTripMilliseconds : usual.time,
            isSpeed ? bytesPerMillisecond : usual.speed
        )
    }

    private init(checked time: Double, _ speed: Double) {
        self.roundTripMilliseconds = time
        self.bytesPerMillisecond = speed
    }

    private static let usual = (time: 20.0, speed: 12_500.0)

    /// What is taken for a node that was not measured: 20 ms and 100 Mbit/s.
    package static let unknown = LinkEstimate(checked: usual.time, usual.speed)
    /// The same for a node of the same site: 1 ms and 1 Gbit/s.
    package static let unknownNearby = LinkEstimate(checked: 1, 125_000)
    /// The way of a node to itself.
    package static let none = LinkEstimate(checked: 0, .greatestFiniteMagnitude)
}
