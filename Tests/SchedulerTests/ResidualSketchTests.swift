import Scheduler
import Testing

struct ResidualSketchTests {
    private static func normal(_ random: inout SplitMix64) -> Double { Math.normalQuantile(random.unit()) }

    @Test("quantiles are within 1 % of the sorted values'", arguments: [0.01, 0.25, 0.5, 0.9, 0.95, 0.99])
    func quantiles(share: Double) throws {
        var random = SplitMix64(seed: 1)
        var sketch = ResidualSketch(forgetting: 1)
        let values = (0..<20_000).map { _ in Math.exp(0.5 * Self.normal(&random)) }
        for value in values { sketch.observe(value) }
        let sorted = values.sorted()
        let exact = sorted[Int(share * Double(sorted.count - 1))]
        let estimate = try #require(sketch.quantile(share))
        #expect(abs(estimate / exact - 1) <= 0.0105)
        #expect(sketch.weight == 20_000)
    }

    @Test("merging two is as good as one sketch of all")
    func merges() {
        var random = SplitMix64(seed: 2)
        var (left, right, all) = (
            ResidualSketch(forgetting: 1), ResidualSketch(forgetting: 1), ResidualSketch(forgetting: 1)
        )
        for index in 0..<10_000 {
            let value = Math.exp(Self.normal(&random))
            if index.isMultiple(of: 3) { left.observe(value) } else { right.observe(value) }
            all.observe(value)
        }
        left.merge(right)
        #expect(left.weight == all.weight)
        for share in [0.05, 0.5, 0.95, 0.999] { #expect(left.quantile(share) == all.quantile(share)) }
        var empty = ResidualSketch()
        #expect(empty.quantile(0.5) == nil)
        empty.merge(all)
        #expect(empty.quantile(0.5) == all.quantile(0.5))
    }

    @Test("old values fade, by themselves and on demand")
    func fades() throws {
        var sketch = ResidualSketch(forgetting: 0.99)
        for _ in 0..<100_000 { sketch.observe(1) }
        #expect(abs(sketch.weight - 100) < 0.1)
        for _ in 0..<1000 { sketch.observe(3) }
        #expect(abs(try #require(sketch.quantile(0.5)) - 3) < 0.04)
        sketch.fade(to: 0.1)
        #expect(abs(sketch.weight - 10) < 0.1)
    }

    @Test("what lies far out, or is no ratio, does no harm")
    func bounds() throws {
        var sketch = ResidualSketch()
        for value in [1e12, 1e-12, 0, -1, .nan, .infinity] { sketch.observe(value) }
        #expect(abs(sketch.weight - 2) < 0.01)
        #expect(try #require(sketch.quantile(0)) < 0.01)
        #expect(try #require(sketch.quantile(1)) > 100)
    }
}
