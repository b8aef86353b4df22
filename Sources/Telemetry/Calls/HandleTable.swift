import Synchronization

/// Series that differ in one label whose values nobody knows beforehand; bounded.
///
/// Asking takes a lock.
final class HandleTable<Handle: AnyObject & Sendable>: Sendable {
    private let limit: Int
    private let make: @Sendable (String) -> Handle
    private let handles = Mutex<[String: Handle]>([:])

    /// Makes a table of at most so many values; all others share ``MetricLabels/other``.
    init(limit: Int, _ make: @escaping @Sendable (String) -> Handle) {
        self.limit = limit
        self.make = make
    }

    subscript(value: String) -> Handle {
        handles.withLock { handles in
            let value = handles[value] != nil || handles.count < limit ? value : MetricLabels.other
            if let known = handles[value] { return known }
            let made = make(value)
            handles[value] = made
            return made
        }
    }

    /// Forgets a value; what was made for it goes on working, and is the registry's to remove.
    func remove(_ value: String) { handles.withLock { $0[value] = nil } }
}
