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

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999999Z", -1),
            ("2000-02-29T00:00:00.123456789123Z", 951_782_400_123_456_789),
            ("2000-02-29 01:30:00.5+01:30", 951_782_400_500_000_000),
            ("2000-02-28t19:00:00-05:00", 951_782_400_000_000_000),
            ("2016-12-31T23:59:60z", 1_483_228_800_000_000_000),
        ] as [(String, Int64)]
    )
    func readsRFC3339(_ text: String, _ nanoseconds: Int64) {
        #expect(WallClock.nanoseconds(rfc3339: text) == nanoseconds)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func readsWhatItWrites(seed: UInt64) {
        var random = SeededGenerator(seed)
        for _ in 0..<200 {
            let time = Int64.random(in: -8_500_000_000_000_000...7_200_000_000_000_000, using: &random) * 1000
            #expect(WallClock.nanoseconds(rfc3339: WallClock.rfc3339(time)) == time)
        }
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00Z", "2026-02-29T12:00:00Z",
        "2100-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z", "2026-01-00T12:00:00Z",
        "2026-04-31T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00+0100", "2026-01-31T12:00:00ZZ",
        "1600-01-31T12:00:00Z", "9999-01-31T12:00:00Z", "26-01-31T12:00:00Z", "2026-1-31T12:00:00Z",
        " 2026-01-31T12:00:00Z", "2026-01-31T12:00:00+24:00", "+026-01-31T12:00:00Z",
    ])
    func refusesOtherTimes(_ text: String) { #expect(WallClock.nanoseconds(rfc3339: text) == nil) }

    @Test func monotonicTimeDoesNotGoBack() {
        let times = (0..<1000).map { _ in Monotonic.now() }
        #expect(times == times.sorted())
    }
}
