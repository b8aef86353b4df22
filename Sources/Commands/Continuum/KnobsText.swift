import Domain

/// Knobs for people.
enum KnobsText {
    /// A table of them, in the order of their names.
    static func table(_ knobs: [Knob]) -> [String] {
        var table = Table("NAME", ">VALUE", ">DEFAULT", ">FROM", ">TO", "UNIT", "SCOPE", "WHAT IT DOES")
        for knob in knobs.sorted(by: { $0.name < $1.name }) {
            table.add(
                knob.name,
                number(knob.value),
                number(knob.default),
                number(knob.minimum),
                number(knob.maximum),
                knob.unit,
                knob.scope,
                knob.help
            )
        }
        return table.lines
    }

    /// The number as it would be given: without decimals where it has none.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Human.decimal(value, 0) : "\(value)"
    }
}
