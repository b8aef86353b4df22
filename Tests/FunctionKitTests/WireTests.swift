import FunctionKit
import Testing

struct WireTests {
    private static let head = RequestHead(
        method: "PUT",
        path: "/a%20b",
        query: "x=1&y",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        executionID: "01J0",
        remainingMicroseconds: 30_000_000,
        version: 7,
        headers: [HeaderField("Content-Type", "text/plain"), HeaderField("x-ä", ""), HeaderField("x-ä", "2")]
    )

    private func encoded(_ encode: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        encode(&bytes)
        return bytes
    }

    @Test("a header has the layout that the document says")
    func layout() throws {
        let header = FrameHeader(.body, call: 0x0102_0304_0506_0708, isEnd: true, length: 0x01_0203)
        let bytes = encoded(header.encode)
        #expect(bytes == [3, 2, 1, 0, 3, 1, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(try FrameHeader(decoding: bytes.span) == header)
    }

    @Test("a header that may not be is refused")
    func illegalHeaders() {
        var bytes = encoded(FrameHeader(.body, call: 1, length: 0).encode)
        bytes[2] = 0x11
        #expect(throws: FrameError.tooLong(0x11_0000)) { try FrameHeader(decoding: bytes.span) }
        bytes[2] = 0
        bytes[FrameHeader.typeOffset] = 19
        #expect(throws: FrameError.unknownType(19)) { try FrameHeader(decoding: bytes.span) }
        bytes[FrameHeader.typeOffset] = 1
        bytes[FrameHeader.flagsOffset] = 2
        #expect(throws: FrameError.undefinedFlags) { try FrameHeader(decoding: bytes.span) }
        bytes[FrameHeader.flagsOffset] = 0
        bytes[FrameHeader.reservedOffset] = 1
        #expect(throws: FrameError.undefinedFlags) { try FrameHeader(decoding: bytes.span) }
    }

    @Test("a request head comes back as it was, and the body begins after it")
    func requestHead() throws {
        let bytes = encoded(Self.head.encode)
        let (head, bodyOffset) = try RequestHead.decode((bytes + [1, 2, 3]).span)
        #expect(head == Self.head)
        #expect(bodyOffset == bytes.count)
    }

    @Test("a request head that was cut anywhere does not parse")
    func cutRequestHead() {
        let bytes = encoded(Self.head.encode)
        for count in 0..<bytes.count {
            #expect(throws: FrameError.malformed(.request)) {
                try RequestHead.decode(bytes.span.extracting(first: count))
            }
        }
    }

    @Test("a response head comes back as it was", arguments: [100, 204, 599] as [UInt16])
    func responseHead(status: UInt16) throws {
        let head = ResponseHead(status: status, headers: [HeaderField("a", "b")])
        let bytes = encoded(head.encode)
        #expect(try ResponseHead.decode(bytes.span).head == head)
        #expect(bytes.count == head.encodedSize)
    }

    @Test("a response head may not have any status", arguments: [0, 99, 600, 65535] as [UInt16])
    func illegalStatus(status: UInt16) {
        let bytes = encoded(ResponseHead(status: status).encode)
        #expect(throws: FrameError.malformed(.response)) { try ResponseHead.decode(bytes.span) }
    }

    @Test("the small payloads come back as they were")
    func smallPayloads() throws {
        let failure = FailurePayload(type: "Bad", message: "it went wrong")
        #expect(try FailurePayload(decoding: encoded(failure.encode).span) == failure)
        for level in LogLevel.allCases {
            let log = LogPayload(level: level, message: "grüße")
            #expect(try LogPayload(decoding: encoded(log.encode).span) == log)
        }
        for kind in MetricKind.allCases {
            let metric = MetricPayload(kind: kind, value: -0.1, name: "n")
            #expect(try MetricPayload(decoding: encoded(metric.encode).span) == metric)
        }
        let window = WindowPayload(bytes: .max)
        #expect(try WindowPayload(decoding: encoded(window.encode).span) == window)
    }

    @Test("what is too long is cut where it is written")
    func cut() throws {
        let metric = MetricPayload(kind: .gauge, value: 1, name: String(repeating: "n", count: 500))
        #expect(try MetricPayload(decoding: encoded(metric.encode).span).name.utf8.count == WireLimits.metricName)
        let log = LogPayload(level: .info, message: String(repeating: "l", count: 100_000))
        #expect(try LogPayload(decoding: encoded(log.encode).span).message.utf8.count == WireLimits.logMessage)
    }
}
