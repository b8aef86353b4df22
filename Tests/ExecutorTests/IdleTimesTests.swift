import Executor
import Testing

struct IdleTimesTests {
    private static let second: UInt64 = 1_000_000_000

    private static func times(_ seconds: [UInt64]) -> IdleTimes {
        var times = IdleTimes()
        for value in seconds { times.add(value * second) }
        return times
    }

    @Test("a call that comes every ten minutes is expected a little before that, and until a little after")
    func regular() throws {
        let times = Self.times([600, 602, 598, 601, 600, 599, 603])
        let window = try #require(times.window(keepAlive: 300 * Self.second, start: 2 * Self.second))
        // 598 s, less a twentieth and the start; 603 s and a twentieth.
        #expect(window.from == (598 - 2) * Self.second - 598 * Self.second / 20)
        #expect(window.until == 603 * Self.second + 603 * Self.second / 20)
    }

    @Test(
        "nothing is expected where the times say nothing",
        arguments: [
            // Too few.
            [600, 600, 600, 600, 600],
            // While an instance is kept anyway, or would hardly have been gone.
            [200, 200, 200, 200, 200, 200], [310, 310, 310, 310, 310, 310],
            // At any time.
            [400, 4000, 900, 7000, 2000, 500, 1200],
        ] as [[UInt64]]
    )
    func unclear(seconds: [UInt64]) {
        #expect(Self.times(seconds).window(keepAlive: 300 * Self.second, start: 0) == nil)
    }

    @Test("old times are forgotten for new ones")
    func forgets() throws {
        var times = Self.times(Array(repeating: 4000, count: 70))
        for _ in 0..<64 { times.add(600 * Self.second) }
        let window = try #require(times.window(keepAlive: 300 * Self.second, start: 0))
        #expect(window.until == 630 * Self.second)
    }

    @Test("after three starts for nothing in a row nothing is expected any more")
    func misses() {
        var times = Self.times(Array(repeating: 600, count: 10))
        times.missed()
        times.missed()
        #expect(times.window(keepAlive: 300 * Self.second, start: 0) != nil)
        times.add(600 * Self.second)
        times.missed()
        times.missed()
        #expect(times.window(keepAlive: 300 * Self.second, start: 0) != nil, "a call that came counts")
        times.missed()
        #expect(times.window(keepAlive: 300 * Self.second, start: 0) == nil)
    }

    @Test("extreme times do not overflow")
    func extremes() {
        var times = IdleTimes()
        for _ in 0..<10 { times.add(.max) }
        #expect(times.window(keepAlive: 0, start: .max / 2) == nil)
    }
}
