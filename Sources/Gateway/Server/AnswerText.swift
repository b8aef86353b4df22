package import NIOCore
package import NIOHTTP1

/// A whole answer as it goes over HTTP/1.1, written at once: most answers of functions are, and need no encoder then.
///
/// An array, since a buffer checks at every write who else has it.
package struct AnswerText {
    /// Bytes of a body that are copied behind the head, so that both go in one piece.
    package static let copied = 16_384

    /// What is written; the body of a longer one follows.
    package private(set) var bytes: [UInt8]

    /// Begins with the status line, in memory that was used before.
    package init(_ version: HTTPVersion, _ status: HTTPResponseStatus, reusing memory: consuming [UInt8]) {
        bytes = consume memory
        bytes.removeAll(keepingCapacity: true)
        append(version.minor == 0 ? "HTTP/1.0 " : "HTTP/1.1 ")
        append(status.code)
        append(" ")
        append(status.reasonPhrase)
        append("\r\n")
    }

    /// Adds a header; neither name nor value may have bytes that end a line.
    package mutating func add(_ name: String, _ value: String) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    /// Adds a header whose value `write` appends.
    package mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void) {
        append(name)
        append(": ")
        write(&bytes)
        append("\r\n")
    }

    /// The memory that it was written in.
    package consuming func takeMemory() -> [UInt8] { bytes }

    /// Ends the head with the length of the body, and appends the body; returns false, and leaves it to be written behind,
    /// where that would copy too much.
    package mutating func end(with body: ByteBuffer) -> Bool {
        append("content-length: ")
        append(UInt(clamping: body.readableBytes))
        append("\r\n\r\n")
        guard body.readableBytes <= Self.copied else { return false }
        bytes.append(contentsOf: body.readableBytesView)
        return true
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ number: UInt) {
        if number >= 10 { append(number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
