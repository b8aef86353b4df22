import Telemetry
import Testing

@Suite struct LatencyBucketsTests {
    @Test func boundsRiseAndBelongToTheirBuckets() {
        for index in 0..<LatencyBuckets.count - 1 {
            let bound = LatencyBuckets.upperBound(index)
            #expect(LatencyBuckets.index(nanoseconds: bound) == index)
            #expect(LatencyBuckets.index(nanoseconds: bound + 1) == index + 1)
        }
        #expect(LatencyBuckets.index(nanoseconds: .max) == LatencyBuckets.count - 1)
        #expect(LatencyBuckets.index(nanoseconds: 0) == 0)
    }

    @Test func theMiddleIsCloseToEverythingInTheBucket() {
        for index in 1..<LatencyBuckets.count - 1 {
            let middle = Double(LatencyBuckets.middle(index))
            for edge in [LatencyBuckets.upperBound(index - 1) + 1, LatencyBuckets.upperBound(index)] {
                #expect(abs(middle - Double(edge)) / Double(edge) <= 0.0625)
            }
        }
    }

    @Test(
        "are exact where le buckets end",
        arguments: [
            100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
            250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
            60_000_000_000, 120_000_000_000,
        ] as [UInt64]
    )
    func exactBounds(_ bound: UInt64) {
        #expect(LatencyBuckets.upperBound(LatencyBuckets.index(nanoseconds: bound)) == bound)
    }
}
