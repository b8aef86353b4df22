import Domain
import Executor
import FunctionKit
import NIOCore
import Testing

struct FrameTests {
    private static func frame(
        _ type: UInt8,
        flags: UInt8 = 0,
        reserved: UInt16 = 0,
        call: UInt64 = 1,
        payload: [UInt8]
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(payload.count), endianness: .little)
        buffer.writeInteger(type)
        buffer.writeInteger(flags)
        buffer.writeInteger(reserved)
        buffer.writeInteger(call, endianness: .little)
        buffer.writeBytes(payload)
        return buffer
    }

    @Test("frames come out however the bytes are cut", arguments: [1, 2, 3, 7, 16, 17, 1000])
    func cuts(size: Int) throws {
        var bytes = Self.frame(3, payload: [1, 2, 3])
        bytes.writeImmutableBuffer(Self.frame(4, flags: 1, call: 9, payload: []))
        bytes.writeImmutableBuffer(Self.frame(6, call: 0, payload: [UInt8](repeating: 7, count: 500)))
        var reader = FrameReader()
        var frames: [IncomingFrame] = []
        while bytes.readableBytes > 0 {
            guard var piece = bytes.readSlice(length: min(size, bytes.readableBytes)) else { break }
            reader.append(&piece)
            while let frame = try reader.next() { frames.append(frame) }
        }
        #expect(frames.map(\.kind) == [.body, .response, .log])
        #expect(frames.map(\.isEnd) == [false, true, false])
        #expect(frames.map(\.call) == [1, 9, 0])
        #expect(frames.map(\.payload.readableBytes) == [3, 0, 500])
    }

    @Test(
        "what no frame may be is a violation",
        arguments: [(0, 0, 0), (19, 0, 0), (255, 0, 0), (3, 2, 0), (3, 0, 1)] as [(UInt8, UInt8, UInt16)]
    )
    func violations(type: UInt8, flags: UInt8, reserved: UInt16) {
        var reader = FrameReader()
        var bytes = Self.frame(type, flags: flags, reserved: reserved, payload: [])
        reader.append(&bytes)
        #expect(throws: FrameViolation.self) { try reader.next() }
    }

    @Test("a frame that announces too much is refused before it is waited for")
    func tooLong() {
        var reader = FrameReader()
        var bytes = ByteBuffer(bytes: [0xff, 0xff, 0xff, 0x7f, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        reader.append(&bytes)
        #expect(throws: FrameViolation.self) { try reader.next() }
    }

    @Test("random payloads parse or are violations, and never more", arguments: 0..<8)
    func fuzz(seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next())
            }
            var reader = FrameReader()
            var buffer = ByteBuffer(bytes: bytes)
            reader.append(&buffer)
            while let frame = try? reader.next() { #expect(frame.payload.readableBytes <= bytes.count) }
            var payload = ByteBuffer(bytes: bytes)
            if let head = try? FramePayload.responseHead(&payload) { #expect((100...599).contains(head.status)) }
            payload = ByteBuffer(bytes: bytes)
            _ = try? FramePayload.failure(&payload)
            payload = ByteBuffer(bytes: bytes)
            _ = try? FramePayload.metric(&payload)
            payload = ByteBuffer(bytes: bytes)
            _ = try? FramePayload.log(&payload)
        }
    }

    @Test("lines are cut at their ends and at their bound")
    func lines() {
        var splitter = LineSplitter()
        #expect(splitter.append(ByteBuffer(string: "a\r\nb")) == ["a"])
        #expect(splitter.append(ByteBuffer(string: "c\n\n")) == ["bc", ""])
        let long = String(repeating: "x", count: LineSplitter.maximumLine + 5)
        #expect(splitter.append(ByteBuffer(string: long)).map(\.count) == [LineSplitter.maximumLine])
        #expect(splitter.finish() == "xxxxx")
        #expect(splitter.finish() == nil)
    }

    @Test("what is left out takes with it the lines it begins and ends in")
    func skippedLines() {
        var splitter = LineSplitter()
        #expect(splitter.append(ByteBuffer(string: "a\nhalf")) == ["a"])
        splitter.skip(ByteBuffer(string: " of it\nlost\nalso"))
        #expect(splitter.append(ByteBuffer(string: " lost")) == [])
        #expect(splitter.append(ByteBuffer(string: " too\nkept\nand")) == ["kept"])
        splitter.skip(ByteBuffer(string: "lost\n"))
        #expect(splitter.append(ByteBuffer(string: "whole\n")) == ["whole"])
        splitter.skip(ByteBuffer(string: "rest"))
        #expect(splitter.finish() == nil)
    }

    @Test("CPU time is shared evenly among those in flight, and adds up")
    func cpu() {
        var meter = CPUMeter()
        meter.advance(to: 100)
        #expect(meter.share(among: 1, of: 1) == 100)
        meter.advance(to: 300)
        #expect(meter.share(among: 2, of: 2) == 100)
        #expect(meter.share(among: 2, of: 2) == 0)
        meter.advance(to: 400)
        #expect(meter.share(among: 0, of: 0) == 0)
        meter.advance(to: 450)
        #expect(meter.share(among: 1, of: 1) == 150)
    }

    @Test("CPU time of calls that were answered together is shared among them")
    func cpuOfSeveral() {
        var meter = CPUMeter()
        meter.advance(to: 100)
        let shares = [3, 2, 1].map { meter.share(among: 1, of: $0) }
        #expect(shares == [33, 33, 34])
        #expect(meter.share(among: 1, of: 1) == 0)
    }

    @Test("frames that end a call are told from those that do not")
    func endsOfCalls() throws {
        var reader = FrameReader()
        var written: [UInt8] = []
        FrameHeader(.response, call: 1, isEnd: true, length: 0).encode(to: &written)
        FrameHeader(.response, call: 2, isEnd: false, length: 0).encode(to: &written)
        FrameHeader(.body, call: 2, isEnd: true, length: 0).encode(to: &written)
        FrameHeader(.failure, call: 3, isEnd: false, length: 0).encode(to: &written)
        FrameHeader(.log, call: 3, isEnd: true, length: 0).encode(to: &written)
        var bytes = ByteBuffer(bytes: written)
        reader.append(&bytes)
        var ends: [Bool] = []
        while let frame = try reader.next() { ends.append(frame.endsCall) }
        #expect(ends == [true, false, true, true, false])
    }
}
