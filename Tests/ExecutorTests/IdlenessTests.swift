import Executor
import Testing

struct IdlenessTests {
    @Test("the share of a processor is that of one rest, between two looks at it")
    func shares() {
        var idleness = Idleness()
        #expect(idleness.share(used: 500, idleSince: 1_000, at: 2_000) == nil)
        #expect(idleness.share(used: 600, idleSince: 1_000, at: 3_000) == 0.1)
        #expect(idleness.share(used: 600, idleSince: 1_000, at: 4_000) == 0)
        // It has served a call meanwhile: what that used does not count.
        #expect(idleness.share(used: 5_000, idleSince: 4_500, at: 5_000) == nil)
        #expect(idleness.share(used: 5_250, idleSince: 4_500, at: 5_500) == 0.5)
        #expect(idleness.share(used: 5_250, idleSince: 4_500, at: 5_500) == nil)
    }
}
