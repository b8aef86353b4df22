import Synchronization

/// The series of a metric that differ in one label, each made when it is first needed; afterwards found without a lock.
final class HandleSet<Value: LabelValue, Handle: MetricHandle>: Sendable {
    private let slots: InlineArray<8, AtomicLazyReference<Handle>> = InlineArray { _ in AtomicLazyReference() }
    private let isRetired = Atomic<Bool>(false)
    private let make: @Sendable (String) -> Handle

    /// Makes a set whose series `make` registers, given the label's value.
    init(_ make: @escaping @Sendable (String) -> Handle) { self.make = make }

    subscript(value: Value) -> Handle {
        let slot = value.rawValue & 7
        if let handle = slots[slot].load() { return handle }
        if isRetired.load(ordering: .relaxed) { return Handle() }
        // When two threads are first at once, both get the same series from the registry.
        return slots[slot].storeIfNil(make(value.text))
    }

    /// Has no more series made: what is measured from now on is lost unless its series is there.
    func retire() { isRetired.store(true, ordering: .relaxed) }
}
