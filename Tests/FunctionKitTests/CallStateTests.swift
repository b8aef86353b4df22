import FunctionKit
import Testing

struct CallStateTests {
    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    @Test("pieces come out in order, then the end")
    func chunks() throws {
        var state = CallState(number: 1, firstBytes: [1], isBodyComplete: false)
        try state.receiveBody([2], isEnd: false)
        #expect(state.takeChunk() == .chunk([1], grant: 0))
        #expect(state.takeChunk() == .chunk([2], grant: 0))
        #expect(state.takeChunk() == .wait)
        try state.receiveBody([], isEnd: true)
        #expect(state.takeChunk() == .end)
        #expect(throws: FrameError.unexpected(.body, call: 1)) { try state.receiveBody([3], isEnd: true) }
    }

    @Test("taking 64 KiB grants as much again; the node may not send more than was granted")
    func windows() throws {
        var state = CallState(number: 1, firstBytes: [], isBodyComplete: false)
        try state.receiveBody(bytes(40_000), isEnd: false)
        try state.receiveBody(bytes(40_000), isEnd: false)
        #expect(state.takeChunk() == .chunk(bytes(40_000), grant: 0))
        #expect(state.takeChunk() == .chunk(bytes(40_000), grant: 80_000))
        try state.receiveBody(bytes(WireLimits.window), isEnd: false)
        #expect(throws: FrameError.windowExceeded(call: 1)) { try state.receiveBody([1], isEnd: false) }
    }

    @Test("nothing is granted once the body is complete")
    func noGrantAtEnd() {
        var state = CallState(number: 1, firstBytes: bytes(100_000), isBodyComplete: true)
        #expect(state.takeChunk() == .chunk(bytes(100_000), grant: 0))
    }

    @Test("sending takes off the window and waits when it is used up")
    func sending() throws {
        var state = CallState(number: 1, firstBytes: [], isBodyComplete: true)
        try state.begin()
        for _ in 0..<4 { #expect(state.reserve(1_000_000) == .send(WireLimits.bodyChunk)) }
        #expect(state.reserve(10) == .wait)
        #expect(state.reserve(0) == .send(0))
        try state.receiveWindow(7)
        #expect(state.reserve(10) == .send(7))
        #expect(throws: FunctionError.self) { try state.begin() }
    }

    @Test("a window that grows without bound is refused")
    func windowOverflow() throws {
        var state = CallState(number: 1, firstBytes: [], isBodyComplete: true)
        #expect(throws: FrameError.windowExceeded(call: 1)) { try state.receiveWindow(.max) }
    }

    @Test("a cancelled call fails what waits, and ends once")
    func cancelled() throws {
        var state = CallState(number: 1, firstBytes: [1], isBodyComplete: false)
        state.cancel()
        #expect(state.takeChunk() == .fail(.cancelled))
        #expect(state.reserve(1) == .fail(.cancelled))
        #expect(throws: FunctionError.cancelled) { try state.begin() }
        let (first, second) = (state.end(), state.end())
        #expect(first && !second)
    }

    @Test("the table knows calls in flight, those that just ended, and no others")
    func table() throws {
        var table = CallTable<Int>(limit: 2)
        try table.insert(10, number: 1)
        try table.insert(20, number: 2)
        #expect(throws: FrameError.tooManyCalls(limit: 2)) { try table.insert(30, number: 3) }
        #expect(throws: FrameError.unexpected(.request, call: 2)) { try table.insert(30, number: 2) }
        table.remove(1)
        guard case .ended = table[1], case .inFlight(20) = table[2], case .unknown = table[3] else {
            Issue.record("the table does not know its calls")
            return
        }
        table.remove(2)
        for number in 10..<200 as Range<UInt64> {
            try table.insert(0, number: number)
            table.remove(number)
        }
        guard case .unknown = table[1], case .ended = table[199] else {
            Issue.record("the table forgets the wrong calls")
            return
        }
    }
}
