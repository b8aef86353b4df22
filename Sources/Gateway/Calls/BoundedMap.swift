import DequeModule

/// A dictionary that forgets the oldest key when it is full.
package struct BoundedMap<Key: Hashable, Value> {
    private let limit: Int
    private var values: [Key: Value] = [:]
    private var order: Deque<Key> = []

    /// Holds at most `limit` entries.
    package init(limit: Int) { self.limit = limit }

    /// The value of a key; setting nil does nothing.
    package subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            guard let newValue else { return }
            if values.updateValue(newValue, forKey: key) == nil {
                order.append(key)
                if order.count > limit, let oldest = order.popFirst() { values[oldest] = nil }
            }
        }
    }

    /// Changes the value of a key where it lies; nil when there is none.
    package mutating func update<T>(_ key: Key, _ change: (inout Value) -> T) -> T? {
        guard let index = values.index(forKey: key) else { return nil }
        return change(&values.values[index])
    }

    /// The entries added last, newest first.
    package func newest(_ count: Int) -> [(Key, Value)] {
        order.suffix(count).reversed().compactMap { key in values[key].map { (key, $0) } }
    }
}
