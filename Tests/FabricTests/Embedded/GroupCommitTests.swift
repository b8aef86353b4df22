import Fabric
import Testing

@Suite("Group commit")
struct GroupCommitTests {
    @Test("the first starts the writer, the others wait for it, and it goes when none is left")
    func lifecycle() {
        var queue = GroupCommit<Int>(limit: (10, 1000))
        #expect(queue.add(1, bytes: 1, isRefusable: true) == .startWriter)
        #expect(queue.add(2, bytes: 1, isRefusable: true) == .wait)
        #expect(queue.take() == [1, 2])
        #expect(queue.add(3, bytes: 1, isRefusable: true) == .wait)
        #expect(queue.take() == [3])
        #expect(queue.take() == nil)
        #expect(queue.add(4, bytes: 1, isRefusable: true) == .startWriter)
    }

    @Test("too many or too much is refused, except what ends accepted work")
    func bounds() {
        var queue = GroupCommit<Int>(limit: (2, 100))
        #expect(queue.add(1, bytes: 500, isRefusable: true) == .startWriter)
        #expect(queue.add(2, bytes: 1, isRefusable: true) == .refuseAsFull)
        #expect(queue.take() == [1])
        #expect(queue.add(3, bytes: 50, isRefusable: true) == .wait)
        #expect(queue.add(4, bytes: 51, isRefusable: true) == .refuseAsFull)
        #expect(queue.add(5, bytes: 50, isRefusable: true) == .wait)
        #expect(queue.add(6, bytes: 0, isRefusable: true) == .refuseAsFull)
        #expect(queue.add(7, bytes: 500, isRefusable: false) == .wait)
        #expect(queue.take() == [3, 5, 7])
        #expect(queue.add(8, bytes: 100, isRefusable: true) == .wait)
    }

    @Test("a commit takes no more than its share, but at least one")
    func batches() {
        var queue = GroupCommit<Int>(limit: (100, 10_000), batch: (3, 100))
        for (number, bytes) in [(1, 40), (2, 60), (3, 1), (4, 500), (5, 1), (6, 1), (7, 1), (8, 1)] {
            _ = queue.add(number, bytes: bytes, isRefusable: true)
        }
        #expect(queue.take() == [1, 2])
        #expect(queue.take() == [3])
        #expect(queue.take() == [4])
        #expect(queue.take() == [5, 6, 7])
        #expect(queue.take() == [8])
        #expect(queue.take() == nil)
    }

    @Test("after closing nobody comes, but who waits is taken")
    func closing() {
        var queue = GroupCommit<Int>(limit: (10, 1000))
        _ = queue.add(1, bytes: 1, isRefusable: true)
        queue.close()
        #expect(queue.add(2, bytes: 1, isRefusable: false) == .refuseAsClosed)
        #expect(queue.take() == [1])
        #expect(queue.take() == nil)
    }
}
