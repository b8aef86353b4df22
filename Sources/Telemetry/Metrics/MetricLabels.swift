/// The labels of one series: pairs of name and value, sorted by name.
package struct MetricLabels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// What the values of the series become that stands for all series beyond a metric's limit.
    package static let other = "other"

    /// Names are legal label names and unique; values are any text.
    package let pairs: [Pair]

    /// One label.
    package struct Pair: Hashable, Sendable {
        /// A legal label name.
        package let name: String
        /// Any text.
        package let value: String
    }

    /// Makes labels; characters that a label name may not have become `_`, of equal names the last one counts.
    package init(_ pairs: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in pairs { values[MetricName.label(name)] = value }
        self.pairs = values.sorted { $0.key < $1.key }.map { Pair(name: $0.key, value: $0.value) }
    }

    /// Makes labels, as ``init(_:)`` does.
    package init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }

    /// The value of a label, or nil when there is no label of that name.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// The same names, every value ``other``.
    var overflowed: MetricLabels { MetricLabels(pairs.map { ($0.name, Self.other) }) }

    /// The labels as exposition text has them between the braces.
    var text: String {
        pairs.map { pair in
            let value = Exposition.escaped(pair.value, quotes: true)
            return "\(pair.name)=\"\(value)\""
        }.joined(separator: ",")
    }
}
