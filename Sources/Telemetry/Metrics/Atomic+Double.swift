import Synchronization

extension Atomic where Value == UInt64 {
    /// Replaces the double whose bit pattern is stored by a function of it, however many threads do so at once.
    func update(_ change: (Double) -> Double) {
        var old = load(ordering: .relaxed)
        while true {
            let new = change(Double(bitPattern: old)).bitPattern
            let (exchanged, original) = weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
