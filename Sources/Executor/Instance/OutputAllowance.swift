/// How much the instances of a version may write as logs in the long run: a bucket of bytes that fills as time goes by.
///
/// What comes while there is something in the bucket is kept whole, even where it takes more than that; the bucket has to
/// be above nothing again before more is kept. Lines cost more than their bytes, and none is kept that would make the
/// debt larger than the bucket.
package struct OutputAllowance {
    /// What fills the bucket in so many seconds may come at once.
    package static let burstSeconds = 4
    /// What a line costs beside its bytes: it is kept with its time, its call and its places in two indexes.
    package static let lineCost = 100

    private let rate: Double
    private let bucket: Double
    private var left: Double
    private var filledAt: UInt64
    /// Bytes that were not kept since that was asked last.
    private var dropped = 0

    /// The bucket is full; `now`, as everywhere here, is in nanoseconds of a monotonic clock.
    package init(bytesPerSecond: UInt64, at now: UInt64) {
        self.rate = Double(bytesPerSecond)
        self.bucket = rate * Double(Self.burstSeconds)
        self.left = bucket
        self.filledAt = now
    }

    /// Whether so many bytes are kept, which are charged then.
    package mutating func takes(_ bytes: Int, at now: UInt64) -> Bool {
        let seconds = Double(now - min(now, filledAt)) / 1e9
        filledAt = max(filledAt, now)
        left = min(left + seconds * rate, bucket)
        guard left > 0 else {
            dropped += bytes
            return false
        }
        left -= Double(bytes)
        return true
    }

    /// Whether a line of so many bytes is kept, that was among what is; what it costs beside them is charged then.
    package mutating func takesLine(_ bytes: Int) -> Bool {
        guard left > -bucket else {
            dropped += bytes + 1
            return false
        }
        left -= Double(Self.lineCost)
        return true
    }

    /// How many bytes were not kept since this was asked last.
    package mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }
}
