import Executor
import Testing

struct LookaheadTests {
    private static func after(_ count: Int, run: UInt64 = 50_000, cpu: UInt64 = 20_000) -> Lookahead {
        var lookahead = Lookahead()
        for _ in 0..<count { lookahead.ended(run: run, cpu: cpu) }
        return lookahead
    }

    @Test("calls are lined up after sixteen short ones in a row")
    func streak() {
        #expect(Self.after(15).depth == 0)
        #expect(Self.after(16).depth > 0)
        #expect(Self.after(100, run: 3_000_000).depth == 0, "they wait long for something")
    }

    @Test("as many as are done in a quarter of a millisecond, at most sixteen")
    func depth() {
        #expect(Self.after(50, cpu: 1_000).depth == Lookahead.most)
        #expect((10...13).contains(Self.after(50, cpu: 20_000).depth))
        #expect(Self.after(50, cpu: 200_000).depth == 1)
        #expect(Self.after(50, cpu: 400_000).depth == 0)
    }

    @Test("calls that wait for something are not lined up, however little they compute")
    func waiting() {
        #expect(Self.after(50, run: 1_500_000).depth == 0)
        #expect(Self.after(50, run: 500_000).depth > 0)
    }

    @Test("where the event loop is behind, it is tried whether calls are short once they are lined up")
    func trial() {
        var lookahead = Self.after(16, run: 1_200_000)
        #expect(lookahead.depth > 0, "a trial")
        // Read together they took little each.
        for _ in 0..<40 { lookahead.ended(run: 30_000, cpu: 20_000) }
        for _ in 0..<1_000 { lookahead.ended(run: 600_000, cpu: 20_000) }
        #expect(lookahead.depth > 0, "it has shown that they are short")
    }

    @Test("calls that do wait are found out in a trial, and tried again ever more seldom")
    func failedTrial() {
        var lookahead = Lookahead()
        var lined = 0
        for _ in 0..<20_000 {
            if lookahead.depth > 0 { lined += 1 }
            lookahead.ended(run: 1_200_000, cpu: 20_000)
        }
        #expect(lined > 0 && lined <= 20_000 / 20, "\(lined)")
    }

    @Test("one long call ends it until there are sixteen short ones again")
    func longCall() {
        var lookahead = Self.after(50)
        lookahead.ended(run: 5_000_000, cpu: 20_000)
        #expect(lookahead.depth == 0)
        for _ in 0..<16 { lookahead.ended(run: 50_000, cpu: 20_000) }
        #expect(lookahead.depth > 0)
    }

    @Test("each time that calls had to be taken back it takes more, and less again after a good while")
    func failures() {
        var lookahead = Self.after(16)
        func streak() -> Int {
            var count = 0
            while lookahead.depth == 0, count < 100_000 {
                lookahead.ended(run: 50_000, cpu: 20_000)
                count += 1
            }
            return count
        }
        let streaks = (0..<6).map { _ in
            lookahead.failed()
            return streak()
        }
        #expect(streaks == [64, 256, 1024, 4096, 4096, 4096])
        for _ in 0..<5_000 { lookahead.ended(run: 50_000, cpu: 20_000) }
        lookahead.failed()
        #expect(streak() < 4096)
    }

    @Test("what fails while nothing is lined up anyway does not count again")
    func failedTwice() {
        var lookahead = Self.after(16)
        lookahead.failed()
        lookahead.failed()
        var count = 0
        while lookahead.depth == 0, count < 1_000 {
            lookahead.ended(run: 50_000, cpu: 20_000)
            count += 1
        }
        #expect(count == 64)
    }
}
