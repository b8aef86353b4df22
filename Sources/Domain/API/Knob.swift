/// A setting that operators and agents may turn, within bounds.
package struct Knob: Hashable, Sendable, Codable {
    package let name: String
    package let value: Double
    /// What it is until somebody turns it.
    package let `default`: Double
    /// Least and largest value that it can be given.
    package let minimum: Double
    package let maximum: Double
    /// What the value counts: `ms`, `calls`; empty for a plain number.
    package let unit: String
    /// What it holds for: `node`, `tier`, `function` or `continuum`.
    package let scope: String
    /// What it does, in one sentence.
    package let help: String

    package init(
        name: String,
        value: Double,
        default: Double,
        minimum: Double,
        maximum: Double,
        unit: String = "",
        scope: String,
        help: String
    ) {
        self.name = name
        self.value = value
        self.default = `default`
        self.minimum = minimum
        self.maximum = maximum
        self.unit = unit
        self.scope = scope
        self.help = help
    }

    /// The knob turned to a value; throws its bounds when that is outside.
    package func turned(to value: Double) throws(Invalid) -> Knob {
        guard value.isFinite, minimum <= value, value <= maximum else {
            throw Invalid(name, "\(value) is outside \(minimum) to \(maximum)\(unit.isEmpty ? "" : " \(unit)")")
        }
        return Knob(
            name: name,
            value: value,
            default: `default`,
            minimum: minimum,
            maximum: maximum,
            unit: unit,
            scope: scope,
            help: help
        )
    }
}
