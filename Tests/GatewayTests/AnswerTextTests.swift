import Gateway
import NIOCore
import NIOHTTP1
import Testing

struct AnswerTextTests {
    @Test("says what an encoder would say", arguments: [0, 9, 10, 65_536])
    func whole(length: Int) {
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: length)
        var text = AnswerText(.http1_1, .notFound, reusing: [1, 2, 3])
        text.add("content-type", "text/plain")
        let isCopied = text.end(with: body)
        #expect(isCopied == (length <= AnswerText.copied))
        let head = "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: \(length)\r\n\r\n"
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == head + String(repeating: "x", count: isCopied ? length : 0)
        )
    }

    @Test("keeps to the version of the request, and to a status that has no name")
    func first() {
        var text = AnswerText(.http1_0, HTTPResponseStatus(statusCode: 299), reusing: [])
        let isWhole = text.end(with: ByteBuffer())
        #expect(isWhole)
        #expect(text.bytes.starts(with: "HTTP/1.0 299 ".utf8))
    }
}
