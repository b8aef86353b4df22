/// A map of bounded size that any number of holders can extend and merge in any order, and end up with the same.
///
/// Of two values of one key the greater stays; of too many keys those with the greatest values stay. Both follow one
/// order, which is what makes merging commutative, associative and idempotent although entries are dropped.
package struct BoundedUnion<Value: Comparable & Hashable & Sendable & Codable>: Hashable, Sendable {
    /// The bound of maps that come from outside.
    package static var defaultLimit: Int { 1024 }

    /// Most keys it holds.
    package let limit: Int
    /// The values by key.
    package private(set) var entries: [String: Value] = [:]

    /// An empty map.
    package init(limit: Int = Self.defaultLimit) {
        self.limit = limit
    }

    /// The value of a key.
    package subscript(key: String) -> Value? { entries[key] }

    /// Adds a value.
    package mutating func insert(_ value: Value, for key: String) {
        add(value, for: key)
        truncate()
    }

    /// Adds all that another one holds.
    package mutating func merge(_ other: BoundedUnion) {
        for (key, value) in other.entries { add(value, for: key) }
        truncate()
    }

    private mutating func add(_ value: Value, for key: String) {
        entries[key] = max(entries[key] ?? value, value)
    }

    private mutating func truncate() {
        guard entries.count > limit else { return }
        let ranked = entries.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        entries = Dictionary(uniqueKeysWithValues: ranked.prefix(limit).map { ($0.key, $0.value) })
    }
}

extension BoundedUnion: Codable {
    /// Reads the values by key, and keeps at most ``defaultLimit`` of them.
    package init(from decoder: any Decoder) throws {
        self.init()
        entries = try decoder.singleValueContainer().decode([String: Value].self)
        truncate()
    }

    /// Writes the values by key.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(entries)
    }
}
