import Domain
import Gateway
import Testing

@Suite("Where calls went")
struct TrafficTests {
    private static func observed(
        _ node: String,
        _ milliseconds: Double,
        failure: String? = nil
    ) throws -> ObservedOutcome {
        ObservedOutcome(
            node: try NodeName(node),
            milliseconds: milliseconds,
            joules: 0.5,
            start: .warm,
            failure: failure
        )
    }

    @Test("is counted by node, over whole seconds, and forgotten after a minute")
    func window() throws {
        var window = TrafficWindow()
        let second: UInt64 = 1_000_000_000
        for number in 0..<100 {
            let now = (100 + UInt64(number) / 50) * second
            window.add(
                try Self.observed(
                    number.isMultiple(of: 4) ? "a" : "b",
                    Double(number),
                    failure: number == 0 ? "x" : nil
                ),
                grams: 0.25,
                isMissed: number > 90,
                at: now
            )
        }
        let report = window.report(seconds: 10, at: 102 * second)
        #expect(report.seconds == 2)
        #expect(report.shares.map(\.node.text) == ["a", "b"])
        #expect(report.shares.map(\.calls) == [25, 75])
        #expect(report.shares[0].failures == 1 && report.shares[1].failures == 0)
        #expect(report.shares[0].joules == 12.5 && report.shares[1].grams == 18.75)
        #expect(report.shares.reduce(0) { $0 + $1.violations } == 9)
        #expect(window.report(seconds: 1, at: 102 * second).shares.reduce(0) { $0 + $1.calls } == 50)
        #expect(window.report(seconds: 59, at: 300 * second).shares.isEmpty)
    }

    @Test("quantiles are right to within 5 %", arguments: [0.1, 0.5, 0.95, 0.99])
    func quantiles(_ share: Double) {
        var histogram = LogHistogram()
        for number in 1...10_000 { histogram.add(Double(number) / 10) }
        let exact = share * 1000
        #expect(abs(histogram.quantile(share) - exact) / exact < 0.051)
        #expect(LogHistogram().quantile(share) == 0)
    }
}
