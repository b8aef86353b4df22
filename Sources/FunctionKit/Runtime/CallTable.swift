/// The calls in flight by number, and the numbers of those that just ended.
package struct CallTable<Value> {
    /// Where a number stands.
    package enum Entry {
        /// It has begun and goes on.
        case inFlight(Value)
        /// It ended so recently that frames for it may still have been on their way.
        case ended
        /// It did not begin yet, or it ended long ago.
        case unknown
    }

    private let limit: Int
    private var calls: [UInt64: Value] = [:]
    private var ended: [UInt64] = []
    private var oldest = 0

    /// A table for so many calls at once.
    package init(limit: Int) { self.limit = limit }

    /// Where a number stands.
    package subscript(number: UInt64) -> Entry {
        if let call = calls[number] { return .inFlight(call) }
        return ended.contains(number) ? .ended : .unknown
    }

    /// All calls in flight.
    var inFlight: [Value] { Array(calls.values) }

    /// A call begins.
    package mutating func insert(_ value: Value, number: UInt64) throws(FrameError) {
        guard number != 0, calls[number] == nil else { throw .unexpected(.request, call: number) }
        guard calls.count < limit else { throw .tooManyCalls(limit: limit) }
        calls[number] = value
    }

    /// A call has ended.
    package mutating func remove(_ number: UInt64) {
        guard calls.removeValue(forKey: number) != nil else { return }
        // No frame of an older call can be on its way once this many newer ones have ended.
        if ended.count < limit + 16 {
            ended.append(number)
        } else {
            ended[oldest] = number
            oldest = (oldest + 1) % ended.count
        }
    }
}
