import Gateway
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("Messages between event loops")
struct LoopMailboxTests {
    @Test("all arrive, on the receiver's loop, in their order")
    func order() async throws {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (sender, receiver) = (loops.next(), loops.next())
        let count = 20_000
        let (numbers, arrive) = AsyncStream.makeStream(of: Int.self)
        let isElsewhere = Mutex(false)
        let mailbox = LoopMailbox<Int>(from: sender, to: receiver) { number in
            if !receiver.inEventLoop { isElsewhere.withLock { $0 = true } }
            arrive.yield(number)
            if number == count - 1 { arrive.finish() }
        }
        // Several in a turn, over many turns.
        for start in stride(from: 0, to: count, by: 7) {
            sender.execute { for number in start..<min(start + 7, count) { mailbox.send(number) } }
        }
        var next = 0
        for await number in numbers {
            guard number == next else {
                Issue.record("\(number) came in the place of \(next)")
                break
            }
            next += 1
        }
        #expect(next == count)
        #expect(!isElsewhere.withLock { $0 })
        try await loops.shutdownGracefully()
    }

    @Test("what is sent while messages are taken is taken too")
    func replies() async throws {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (left, right) = (loops.next(), loops.next())
        let (ends, end) = AsyncStream.makeStream(of: Int.self)
        let back = Mutex<LoopMailbox<Int>?>(nil)
        let forth = LoopMailbox<Int>(from: left, to: right) { number in back.withLock { $0 }?.send(number + 1) }
        back.withLock { back in
            back = LoopMailbox<Int>(from: right, to: left) { number in
                if number < 1000 { forth.send(number + 1) } else { end.yield(number) }
            }
        }
        left.execute { forth.send(0) }
        var iterator = ends.makeAsyncIterator()
        #expect(await iterator.next() == 1001)
        back.withLock { $0 = nil }
        try await loops.shutdownGracefully()
    }
}
