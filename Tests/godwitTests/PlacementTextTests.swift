import Commands
import Domain
import Testing

@Suite("Numbers of placement")
struct PlacementTextTests {
    @Test(
        "rounded numbers add up to their rounded sum",
        arguments: [
            ([1.0 / 3, 1.0 / 3, 1.0 / 3], ["0.34", "0.33", "0.33"], "1.00"),
            ([0.004, 0.004, 0.004], ["0.01", "0.00", "0.00"], "0.01"),
            ([-0.126, 0.004], ["-0.12", "0.00"], "-0.12"), ([], [], "0.00"), ([.nan, 1], ["0.00", "1.00"], "1.00"),
        ] as [([Double], [String], String)]
    )
    func sums(values: [Double], parts: [String], total: String) {
        let sum = RoundedSum(values, decimals: 2)
        #expect(sum.parts == parts)
        #expect(sum.total == total)
    }

    @Test("sums add up whatever the numbers are, and no number is a whole digit off")
    func anySums() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let values = (0..<5).map { _ in Double.random(in: -10...10, using: &random) }
            let sum = RoundedSum(values, decimals: 3)
            let parts = try sum.parts.map { try #require(Double($0)) }
            let total = try #require(Double(sum.total))
            #expect(abs(parts.reduce(0, +) - total) < 1e-9)
            #expect(abs(total - values.reduce(0, +)) < 0.000_501)
            for (part, value) in zip(parts, values) { #expect(abs(part - value) < 0.001) }
        }
    }

    @Test("differences carry a sign and add up too")
    func differences() {
        let difference = RoundedSum([1.5, 2, 0], decimals: 1) - RoundedSum([1, 4, 0], decimals: 1)
        #expect(difference.signedParts == ["+0.5", "-2.0", "0.0"])
        #expect(difference.signedTotal == "-1.5")
    }

    @Test(
        "small numbers keep their digits",
        arguments: [
            (0, "0"), (2.1e-6, "2.1e-6"), (9.96e-4, "1.0e-3"), (0.0034, "0.0034"), (0.031, "0.031"), (0.5, "0.500"),
            (12.345, "12.35"), (250, "250"),
        ]
    )
    func small(value: Double, text: String) { #expect(Human.small(value) == text) }

    @Test("shares, times and changes")
    func others() {
        #expect(Human.percent(0.42) == "42 %")
        #expect(Human.percent(0.003) == "0.30 %")
        #expect(Human.percent(0) == "0 %")
        #expect(Human.milliseconds(0.25) == "250 µs")
        #expect(Human.milliseconds(-1) == "0")
        #expect(Human.milliseconds(.infinity) == "-")
        #expect(Human.change(from: 100, to: 94) == "-6 %")
        #expect(Human.change(from: 0, to: 1) == "")
    }
}
