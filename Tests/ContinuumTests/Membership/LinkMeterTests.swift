import Continuum
import Testing

/// Round trips and bandwidth of a link.
struct LinkMeterTests {
    @Test("nothing is known before the first sample")
    func empty() {
        var meter = LinkMeter()
        #expect(meter.fast == nil && meter.slow == nil && meter.estimate == nil && meter.least == nil)
        #expect(meter.bandwidth() == nil && meter.milliseconds(transferring: 10) == nil)
        meter.roundTrip(5_000_000, now: 7)
        #expect(meter.fast == 5 && meter.slow == 5 && meter.estimate == 5 && meter.least == 5)
        #expect(meter.milliseconds(transferring: 1_000_000) == 5)
    }

    @Test("half of a change is taken over after a half-life, in one step or many", arguments: [1, 2, 10, 100])
    func halfLife(steps: UInt64) throws {
        var fast = LinkMeter()
        fast.roundTrip(0, now: 0)
        for step in 1...steps { fast.roundTrip(100_000_000, now: step * LinkMeter.fastHalfLife / steps) }
        #expect(abs(try #require(fast.fast) - 50) < 1e-9)
        var slow = LinkMeter()
        slow.roundTrip(0, now: 0)
        for step in 1...steps { slow.roundTrip(100_000_000, now: step * LinkMeter.slowHalfLife / steps) }
        #expect(abs(try #require(slow.slow) - 50) < 1e-9)
    }

    @Test("the estimate follows a worse link at once and a better one slowly")
    func asymmetry() throws {
        var meter = LinkMeter()
        for second in 0..<120 as Range<UInt64> { meter.roundTrip(10_000_000, now: .seconds(Double(second))) }
        #expect(abs(try #require(meter.estimate) - 10) < 1e-9)
        for second in 120..<123 as Range<UInt64> { meter.roundTrip(200_000_000, now: .seconds(Double(second))) }
        #expect(try #require(meter.estimate) > 170)
        for second in 123..<130 as Range<UInt64> { meter.roundTrip(10_000_000, now: .seconds(Double(second))) }
        let fast = try #require(meter.fast)
        let estimate = try #require(meter.estimate)
        #expect(fast < 13)
        #expect(estimate > fast && estimate == meter.slow)
    }

    @Test("a burst weighs no more than the time it covers")
    func burst() throws {
        var meter = LinkMeter()
        meter.roundTrip(10_000_000, now: .seconds(1))
        for _ in 0..<100 { meter.roundTrip(900_000_000, now: .seconds(1)) }
        #expect(try #require(meter.fast) == 10)
    }

    @Test("the least is that of the last minutes")
    func least() {
        var meter = LinkMeter()
        meter.roundTrip(3_000_000, now: .seconds(1))
        meter.roundTrip(8_000_000, now: .seconds(61))
        #expect(meter.least == 3)
        meter.roundTrip(9_000_000, now: .seconds(122))
        #expect(meter.least == 8)
        meter.roundTrip(20_000_000, now: .seconds(1000))
        #expect(meter.least == 20)
    }

    @Test("bandwidth is a quantile of the last 32 large transfers, without the round trip")
    func bandwidth() throws {
        var meter = LinkMeter()
        meter.transferred(bytes: LinkMeter.transferMinimum - 1, in: 1_000_000)
        meter.transferred(bytes: 1 << 20, in: 0)
        #expect(meter.bandwidth() == nil)
        for _ in 0..<100 { meter.transferred(bytes: 100_000, in: 1_000_000) }
        for rate in 1...32 { meter.transferred(bytes: rate * 100_000, in: 100_000_000) }
        #expect(meter.bandwidth(reachedBy: 1) == 1000)
        #expect(meter.bandwidth(reachedBy: 0) == 32000)
        #expect(meter.bandwidth() == 16000)
        #expect(meter.bandwidth(reachedBy: 0.75) == 8000)
        #expect(meter.bandwidth(reachedBy: .nan) == nil)
        meter.roundTrip(20_000_000, now: 1)
        #expect(meter.milliseconds(transferring: 80_000) == 30)
        for _ in 0..<32 { meter.transferred(bytes: 100_000, in: 120_000_000) }
        #expect(meter.bandwidth() == 1000, "20 of 120 ms were the round trip")
        for _ in 0..<32 { meter.transferred(bytes: 100_000, in: 10_000_000) }
        #expect(meter.bandwidth() == 100_000, "a tenth of the time remains at least")
    }
}
