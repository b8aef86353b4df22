import Telemetry
import Testing

@Suite struct HistogramTests {
    @Test("quantiles are within 6.25 % of those of the sorted values", arguments: 0..<20 as Range<UInt64>)
    func quantiles(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let histogram = HistogramHandle()
        let values = (0..<Int.random(in: 1...3000, using: &random)).map { _ in random.duration() }.sorted()
        for value in values.shuffled(using: &random) { histogram.record(nanoseconds: value) }
        for quantile in [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((quantile * Double(values.count)).rounded(.up)))
            let exact = Double(values[rank - 1])
            let estimate = Double(try #require(histogram.quantile(quantile)))
            #expect(abs(estimate - exact) / exact <= 0.0625, "\(quantile): \(estimate) for \(exact)")
        }
    }

    @Test func anEmptyOneHasNoQuantile() {
        #expect(HistogramHandle().quantile(0.5) == nil)
        #expect(HistogramSnapshot().count == 0)
    }

    @Test func outOfRangeValuesStayInTheOuterBuckets() {
        let histogram = HistogramHandle()
        histogram.record(nanoseconds: 0)
        histogram.record(seconds: -1)
        histogram.record(seconds: .nan)
        histogram.record(seconds: .infinity)
        #expect(histogram.snapshot().counts.first == 3)
        #expect(histogram.snapshot().counts.last == 1)
        #expect(histogram.quantile(1) == 120_000_000_000)
    }

    @Test("merging two is recording into one", arguments: 0..<5 as Range<UInt64>)
    func merge(seed: UInt64) {
        var random = SeededGenerator(seed)
        let (left, right, both) = (HistogramHandle(), HistogramHandle(), HistogramHandle())
        for index in 0..<2000 {
            let value = random.duration()
            (index.isMultiple(of: 3) ? left : right).record(nanoseconds: value)
            both.record(nanoseconds: value)
        }
        var snapshot = left.snapshot()
        snapshot.merge(right.snapshot())
        #expect(snapshot == both.snapshot())
        left.merge(right.snapshot())
        #expect(left.snapshot() == both.snapshot())
    }

    @Test func nothingIsLostWhenManyThreadsRecord() async {
        let histogram = HistogramHandle()
        let counter = CounterHandle()
        let joules = FloatCounterHandle()
        let gauge = GaugeHandle()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<10_000 {
                        histogram.record(nanoseconds: UInt64(index) * 1000)
                        counter.add()
                        joules.add(0.5)
                        gauge.add(index.isMultiple(of: 2) ? 1 : -1)
                    }
                }
            }
        }
        #expect(histogram.snapshot().count == 80_000)
        #expect(histogram.snapshot().sumNanoseconds == 8 * (0..<10_000).reduce(0) { $0 + $1 * 1000 })
        #expect(counter.value == 80_000)
        #expect(joules.value == 40_000)
        #expect(gauge.value == 0)
    }
}
