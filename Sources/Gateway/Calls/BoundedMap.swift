import DequeModule

/// A dictionary that forgets the oldest key when it is full.
struct BoundedMap<Key: Hashable, Value> {
    private let limit: Int
    private var values: [Key: Value] = [:]
    private var order: Deque<Key> = []

    init(limit: Int) { self.limit = limit }

    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            guard let newValue else { return }
            if values.updateValue(newValue, forKey: key) == nil {
                order.append(key)
                if order.count > limit, let oldest = order.popFirst() { values[oldest] = nil }
            }
        }
    }

    /// The entries added last, newest first.
    func newest(_ count: Int) -> [(Key, Value)] {
        order.suffix(count).reversed().compactMap { key in values[key].map { (key, $0) } }
    }
}
