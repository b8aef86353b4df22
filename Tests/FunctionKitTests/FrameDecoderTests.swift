import FunctionKit
import Testing

struct FrameDecoderTests {
    private static let frames = [
        Frame(.ready, call: 0, payload: [1]), Frame(.cancel, call: 9, isEnd: true),
        Frame(.body, call: 9, payload: [UInt8](repeating: 7, count: 70_000)),
        Frame(.body, call: .max, isEnd: true, payload: [1, 2, 3]),
    ]

    private static var stream: [UInt8] {
        var bytes: [UInt8] = []
        for frame in frames { frame.encode(to: &bytes) }
        return bytes
    }

    private func drain(_ decoder: inout FrameDecoder) throws -> [Frame] {
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    @Test(
        "frames come out whole, in whatever pieces their bytes come in",
        arguments: [1, 2, 15, 16, 17, 4096, 1 << 20]
    )
    func pieces(size: Int) throws {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        let stream = Self.stream
        for start in stride(from: 0, to: stream.count, by: size) {
            decoder.append(stream.span.extracting(start..<min(start + size, stream.count)))
            frames += try drain(&decoder)
        }
        #expect(frames == Self.frames)
        #expect(decoder.bufferedBytes == 0)
    }

    @Test("a read into its own space counts what was read and no more")
    func fill() throws {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        var rest = Self.stream[...]
        while !rest.isEmpty {
            decoder.fill { space, offset in
                let count = min(1000, rest.count, space.count - offset)
                for index in 0..<count { space[offset + index] = rest.removeFirst() }
                return count
            }
            frames += try drain(&decoder)
        }
        #expect(frames == Self.frames)
    }

    @Test("a length beyond the limit is refused before its bytes are waited for")
    func tooLong() {
        var decoder = FrameDecoder()
        decoder.append([1, 0, 16, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0].span)
        #expect(throws: FrameError.tooLong(0x10_0001)) { try decoder.next() }
    }

    @Test("random and mutated bytes never crash it, nor does it hold more than one frame", arguments: 0..<10)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let stream = Array(Self.stream.suffix(200)) + Array(Self.stream.prefix(100))
        for round in 0..<1000 {
            var bytes = round % 2 == 0 ? generator.bytes(Int.random(in: 0..<400, using: &generator)) : stream
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            var decoder = FrameDecoder()
            decoder.append(bytes.span)
            do {
                while let frame = try decoder.next() { parse(frame) }
            } catch {}
            #expect(decoder.bufferedBytes <= bytes.count)
            // The payloads by themselves, too.
            for type in FrameType.allCases { parse(Frame(type, call: 1, payload: bytes)) }
        }
    }

    private func parse(_ frame: Frame) {
        let bytes = frame.payload.span
        switch frame.type {
        case .request: _ = try? RequestHead.decode(bytes)
        case .response: _ = try? ResponseHead.decode(bytes)
        case .failure: _ = try? FailurePayload(decoding: bytes)
        case .log: _ = try? LogPayload(decoding: bytes)
        case .window: _ = try? WindowPayload(decoding: bytes)
        case .metric: _ = try? MetricPayload(decoding: bytes)
        case .fetch:
            var cursor = ByteCursor()
            _ = try? FetchHead.decode(&cursor, in: bytes)
        case .fetchResponse: _ = try? ResponseHead.decode(bytes)
        case .fetchFailure: _ = try? FailurePayload(decoding: bytes)
        case .fetchWindow: _ = try? WindowPayload(decoding: bytes)
        case .ready, .body, .cancel, .fetchBody, .fetchCancel, .fetchReport, .tickets, .offer: break
        }
    }
}
