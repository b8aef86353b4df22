/// Reads a quantity as small programs write it: `12.5`, `power: 12.5 W`.
package enum QuantityText {
    /// The number of the only line that is not blank: a name and a colon may stand before it, one of `units` after it.
    ///
    /// Nil for anything else, and for what is negative or not finite.
    package static func parse(_ text: some StringProtocol, units: [String]) -> Double? {
        let lines = text.split(whereSeparator: \.isNewline).filter { line in !line.allSatisfy(\.isWhitespace) }
        guard lines.count == 1, let line = lines.first else { return nil }
        let colon = line.lastIndex(of: ":")
        // A time of day is no name.
        if colon != nil, line.first(where: { !$0.isWhitespace })?.isLetter != true { return nil }
        let words = (colon.map { line[line.index(after: $0)...] } ?? line[...]).split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let number = Double(first), number.isFinite, number >= 0 else { return nil }
        switch words.count {
        case 1: return number
        case 2: return units.contains { $0.lowercased() == words[1].lowercased() } ? number : nil
        default: return nil
        }
    }
}
