package import NIOCore
package import NIOHTTP1

/// A whole answer as it goes over HTTP/1.1, written at once: most answers of functions are, and need no encoder then.
package struct AnswerText {
    /// Bytes of a body that are copied behind the head, so that both go in one piece.
    package static let copied = 16_384

    package private(set) var bytes: ByteBuffer

    /// Begins with the status line.
    package init(_ version: HTTPVersion, _ status: HTTPResponseStatus, allocator: ByteBufferAllocator, bodyLength: Int)
    {
        bytes = allocator.buffer(capacity: 512 + (bodyLength <= Self.copied ? bodyLength : 0))
        bytes.writeStaticString(version.minor == 0 ? "HTTP/1.0 " : "HTTP/1.1 ")
        append(status.code)
        bytes.writeStaticString(" ")
        bytes.writeString(status.reasonPhrase)
        bytes.writeStaticString("\r\n")
    }

    /// Adds a header; neither name nor value may have bytes that end a line.
    package mutating func add(_ name: String, _ value: String) {
        bytes.writeString(name)
        bytes.writeStaticString(": ")
        bytes.writeString(value)
        bytes.writeStaticString("\r\n")
    }

    /// Ends the head with the length of the body.
    package mutating func endHead(bodyLength: Int) {
        bytes.writeStaticString("content-length: ")
        append(UInt(clamping: bodyLength))
        bytes.writeStaticString("\r\n\r\n")
    }

    /// Appends a short body; returns false, and does nothing, where that would copy too much.
    package mutating func append(body: ByteBuffer) -> Bool {
        guard body.readableBytes <= Self.copied else { return false }
        bytes.writeImmutableBuffer(body)
        return true
    }

    private mutating func append(_ number: UInt) {
        if number >= 10 { append(number / 10) }
        bytes.writeInteger(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
