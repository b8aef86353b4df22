/// What the number means that a meter's command writes.
package enum MeterUnit: String, Hashable, Sendable, CaseIterable {
    /// Joules so far: a counter, which may begin anew at 0.
    case joules
    /// The power at the moment, in watts.
    case watts

    /// What may stand behind the number.
    var names: [String] { self == .joules ? ["J", "joule", "joules"] : ["W", "watt", "watts"] }

    /// A line that would do.
    var example: String { self == .joules ? "energy: 123.4 J" : "power: 12.5 W" }
}
