import Foundation
import Telemetry
import Testing

@Suite struct ClockTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_123_456_789, "2000-02-29T00:00:00.123456Z"),
            (1_893_455_999_999_999_999, "2029-12-31T23:59:59.999999Z"),
            (4_107_542_399_000_001_000, "2100-02-28T23:59:59.000001Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),
        ] as [(Int64, String)]
    )
    func writesRFC3339(_ nanoseconds: Int64, _ text: String) { #expect(WallClock.rfc3339(nanoseconds) == text) }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func agreesWithFoundation(seed: UInt64) {
        var random = SeededGenerator(seed)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        for _ in 0..<200 {
            let seconds = Int64.random(in: -9_000_000_000...9_000_000_000, using: &random)
            let theirs = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            #expect(WallClock.rfc3339(seconds * 1_000_000_000) == theirs.dropLast() + ".000000Z")
        }
    }

    @Test func monotonicTimeDoesNotGoBack() {
        let times = (0..<1000).map { _ in Monotonic.now() }
        #expect(times == times.sorted())
    }
}
