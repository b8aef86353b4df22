import Executor
import Testing

struct OutputAllowanceTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("what comes at once may be as much as the bucket holds, and the piece that empties it is kept whole")
    func burst() {
        var allowance = OutputAllowance(bytesPerSecond: 1_000, at: 0)
        let bucket = 1_000 * OutputAllowance.burstSeconds
        #expect(allowance.takes(bucket - 1, at: 0) == true)
        #expect(allowance.takes(500, at: 0) == true)
        #expect(allowance.takes(1, at: 0) == false)
        #expect(allowance.takeDropped() == 1)
        #expect(allowance.takeDropped() == 0)
    }

    @Test("a debt is paid back before more is kept")
    func debt() {
        var allowance = OutputAllowance(bytesPerSecond: 1_000, at: 0)
        #expect(allowance.takes(6_000, at: 0) == true)
        #expect(allowance.takes(10, at: Self.second) == false)
        #expect(allowance.takes(20, at: 2 * Self.second) == false)
        #expect(allowance.takeDropped() == 30)
        #expect(allowance.takes(10, at: 2 * Self.second + Self.second / 10) == true)
    }

    @Test("in the long run it is the rate, whatever the pieces are", arguments: [1, 100, 4_096, 65_536])
    func rate(piece: Int) {
        var allowance = OutputAllowance(bytesPerSecond: 10_000, at: 0)
        var kept = 0
        // A minute in which ten times as much is written as may be.
        let pieces = 6_000_000 / piece
        for number in 0..<pieces where allowance.takes(piece, at: UInt64(number) * 60 * Self.second / UInt64(pieces)) {
            kept += piece
        }
        let most = 10_000 * (60 + OutputAllowance.burstSeconds)
        #expect(kept > most - 10_000 && kept <= most + piece)
        #expect(allowance.takeDropped() == pieces * piece - kept)
    }

    @Test("lines cost more than their bytes: empty ones are not free, and the debt is bounded")
    func lines() {
        var allowance = OutputAllowance(bytesPerSecond: 1_000, at: 0)
        #expect(allowance.takes(4_000, at: 0) == true)
        var lines = 0
        while allowance.takesLine(0) { lines += 1 }
        #expect(lines == 1_000 * OutputAllowance.burstSeconds / OutputAllowance.lineCost)
        #expect(allowance.takesLine(9) == false)
        // An end of line each.
        #expect(allowance.takeDropped() == 11)
        #expect(allowance.takes(1, at: 4 * Self.second) == false)
        #expect(allowance.takes(1, at: 4 * Self.second + Self.second / 10) == true)
    }

    @Test("a clock that stands still or goes back fills nothing")
    func clock() {
        var allowance = OutputAllowance(bytesPerSecond: 1_000, at: 5 * Self.second)
        #expect(allowance.takes(4_000, at: 3 * Self.second) == true)
        #expect(allowance.takes(1, at: 0) == false)
        #expect(allowance.takes(1, at: 5 * Self.second) == false)
        #expect(allowance.takes(1, at: 6 * Self.second) == true)
    }
}
