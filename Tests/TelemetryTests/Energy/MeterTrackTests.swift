import Telemetry
import Testing

@Suite struct MeterTrackTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func aCounterIsHeldAtItsLastPowerAndPutRight() {
        var track = MeterTrack(unit: .joules, hold: 10 * Self.second)
        #expect(track.advance(to: Self.second) == nil)
        track.take(100, at: 1 * Self.second)
        // One reading of a counter says nothing about power.
        #expect(track.advance(to: 1 * Self.second) == nil)
        track.take(120, at: 3 * Self.second)
        #expect(track.advance(to: 3 * Self.second) == 20)
        #expect(track.advance(to: 4 * Self.second) == 10)
        // It was 4 W only, so 6 J too much were handed out; they are missing from the next.
        track.take(128, at: 5 * Self.second)
        #expect(track.advance(to: 5 * Self.second) == 0)
        #expect(track.advance(to: 6 * Self.second) == 2)
        track.take(140, at: 7 * Self.second)
        #expect(track.advance(to: 7 * Self.second) == 8)
    }

    @Test func powerIsIntegrated() {
        var track = MeterTrack(unit: .watts, hold: 10 * Self.second)
        track.take(10, at: 1 * Self.second)
        #expect(track.advance(to: 1 * Self.second) == 0)
        #expect(track.advance(to: 2 * Self.second) == 10)
        track.take(30, at: 3 * Self.second)
        // The mean of 10 and 30 W for two seconds, less what was handed out.
        #expect(track.advance(to: 3 * Self.second) == 30)
    }

    @Test func aCounterThatBeginsAnewLosesNothingElse() {
        var track = MeterTrack(unit: .joules, hold: 10 * Self.second)
        track.take(1000, at: 1 * Self.second)
        track.take(1010, at: 2 * Self.second)
        #expect(track.advance(to: 2 * Self.second) == 10)
        track.take(3, at: 3 * Self.second)
        #expect(track.advance(to: 3 * Self.second) == 0)
        track.take(13, at: 4 * Self.second)
        #expect(track.advance(to: 4 * Self.second) == 10)
    }

    @Test func anOldReadingCountsNoMore() {
        var track = MeterTrack(unit: .watts, hold: 3 * Self.second)
        track.take(5, at: Self.second)
        #expect(track.advance(to: 4 * Self.second) == 15)
        #expect(track.advance(to: 5 * Self.second) == nil)
        #expect(track.advance(to: 4 * Self.second) == nil)
    }

    @Test func afterAFailureItKnowsNothing() {
        var track = MeterTrack(unit: .joules, hold: 10 * Self.second)
        track.take(1, at: 1 * Self.second)
        track.take(2, at: 2 * Self.second)
        track.fail()
        #expect(track.advance(to: 2 * Self.second) == nil)
        track.take(900, at: 3 * Self.second)
        #expect(track.advance(to: 3 * Self.second) == nil)
        track.take(901, at: 4 * Self.second)
        #expect(track.advance(to: 4 * Self.second) == 1)
    }

    @Test(arguments: [.nan, .infinity, -1] as [Double])
    func oddReadingsDoNotCount(_ value: Double) {
        var track = MeterTrack(unit: .watts, hold: Self.second)
        track.take(value, at: Self.second)
        #expect(track.advance(to: Self.second) == nil)
    }

    @Test("however it is read, it adds up to the meter", arguments: MeterUnit.allCases, 0..<20 as Range<UInt64>)
    func addsUp(_ unit: MeterUnit, seed: UInt64) {
        var random = SeededGenerator(seed)
        var track = MeterTrack(unit: unit, hold: 20 * Self.second)
        var (time, joules, watts, expected) = (Self.second, 500.0, 20.0, 0.0)
        track.take(unit == .joules ? joules : watts, at: time)
        var sum = 0.0
        for _ in 0..<500 {
            let step = UInt64.random(in: 1_000_000...4_000_000_000, using: &random)
            if Bool.random(using: &random), let early = track.advance(to: time + step / 2) { sum += early }
            let next = Double.random(in: 5...50, using: &random)
            let energy = (watts + next) / 2 * Double(step) / 1e9
            (time, joules, watts, expected) = (time + step, joules + energy, next, expected + energy)
            track.take(unit == .joules ? joules : watts, at: time)
            if Bool.random(using: &random) { sum += track.advance(to: time) ?? .nan }
        }
        sum += track.advance(to: time) ?? .nan
        // What was handed out in advance and not yet put right is at most half a step of the highest power.
        #expect(sum >= expected - 1e-6)
        #expect(sum <= expected + 50 * 2)
    }
}
