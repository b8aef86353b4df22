import Telemetry
import Testing

@Suite struct IdleFloorTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func isTheLowestOfTwoInARow() {
        var floor = IdleFloor()
        #expect(floor.watts == nil)
        floor.observe(joules: 40, intervalNanoseconds: 2 * Self.second)
        #expect(floor.watts == 20)
        // One low reading may be wrong; the second counts.
        floor.observe(joules: 7, intervalNanoseconds: Self.second)
        #expect(floor.watts == 20)
        floor.observe(joules: 8, intervalNanoseconds: Self.second)
        #expect(floor.watts == 8)
        floor.observe(joules: .nan, intervalNanoseconds: Self.second)
        floor.observe(joules: 1, intervalNanoseconds: 0)
        #expect(floor.watts == 8)
    }

    @Test func staysUnderLoadForHoursAndIsForgottenAfterADay() {
        var floor = IdleFloor()
        for _ in 0..<2 { floor.observe(joules: 16, intervalNanoseconds: 2 * Self.second) }
        for _ in 0..<(20 * 1800) { floor.observe(joules: 200, intervalNanoseconds: 2 * Self.second) }
        #expect(floor.watts == 8)
        for _ in 0..<(6 * 1800) { floor.observe(joules: 200, intervalNanoseconds: 2 * Self.second) }
        #expect(floor.watts == 100)
    }
}
