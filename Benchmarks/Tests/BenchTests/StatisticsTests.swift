import Testing

@testable import Bench

@Suite struct StatisticsTests {
    @Test("the middle", arguments: [([], 0), ([3], 3), ([4, 1], 2.5), ([9, 1, 5], 5)] as [([Double], Double)])
    func median(values: [Double], expected: Double) {
        #expect(Statistics.median(values) == expected)
    }

    @Test(
        "a quantile is one of the values",
        arguments: [(0.5, 50), (0.99, 99), (1, 100), (0, 1)] as [(Double, Double)]
    )
    func quantile(share: Double, expected: Double) {
        #expect(Statistics.quantile(share, of: (1...100).map(Double.init).shuffled()) == expected)
    }

    @Test func aRatioIsTakenRoundByRound() throws {
        let ratio = try #require(Ratio([2, 30, 4], to: [1, 10, 2]))
        #expect(ratio == Ratio([2, 3, 2], to: [1, 1, 1]))
        #expect((ratio.low, ratio.median, ratio.high) == (2, 2, 3))
        #expect(Ratio([1], to: [0]) == nil)
    }
}
