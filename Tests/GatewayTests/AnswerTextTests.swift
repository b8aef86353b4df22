import Gateway
import NIOCore
import NIOHTTP1
import Testing

struct AnswerTextTests {
    @Test("says what an encoder would say", arguments: [0, 9, 10, 65_536])
    func whole(length: Int) {
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: length)
        var text = AnswerText(.http1_1, .notFound, allocator: ByteBufferAllocator(), bodyLength: length)
        text.add("content-type", "text/plain")
        text.endHead(bodyLength: length)
        let isCopied = text.append(body: body)
        #expect(isCopied == (length <= AnswerText.copied))
        let head = "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: \(length)\r\n\r\n"
        #expect(String(buffer: text.bytes) == head + String(repeating: "x", count: isCopied ? length : 0))
    }

    @Test("keeps to the version of the request, and to a status that has no name")
    func first() {
        var text = AnswerText(
            .http1_0,
            HTTPResponseStatus(statusCode: 299),
            allocator: ByteBufferAllocator(),
            bodyLength: 0
        )
        text.endHead(bodyLength: 0)
        #expect(String(buffer: text.bytes).hasPrefix("HTTP/1.0 299 "))
    }
}
