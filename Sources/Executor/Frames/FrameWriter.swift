import Domain
import FunctionKit
import NIOCore

/// Writes the frames that the node sends.
enum FrameWriter {
    /// Bytes of a body that are copied behind what they belong to.
    static let copied = 8_192

    /// Appends a `request` frame, or an `offer`, with the first bytes of its body; returns whether these are appended too,
    /// or are so many that they had better be written where they lie.
    ///
    /// Into an array, since a buffer checks at every write who else has it.
    static func append(
        _ kind: FrameType,
        of request: CallRequest,
        call: UInt64,
        execution: ExecutionID,
        version: VersionNumber,
        traceparent: String,
        remaining: TimeSpan,
        body: ByteBuffer?,
        isEnd: Bool,
        to bytes: inout [UInt8]
    ) -> Bool {
        let start = bytes.count
        FrameHeader(kind, call: call, isEnd: isEnd, length: 0).encode(to: &bytes)
        bytes.appendShortText(request.method)
        bytes.appendLongText(request.path)
        bytes.appendLongText(request.query)
        bytes.appendShortText(traceparent)
        bytes.appendShortText(execution.text)
        bytes.appendInteger(UInt64(max(0, remaining.microseconds)))
        bytes.appendInteger(version.value)
        bytes.appendInteger(UInt16(clamping: request.headers.count))
        for header in request.headers {
            bytes.appendShortText(header.name)
            bytes.appendLongText(header.value)
        }
        let bodyLength = body?.readableBytes ?? 0
        let length = bytes.count - start - FrameHeader.size + bodyLength
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        guard bodyLength <= copied else { return false }
        if let body { bytes.append(contentsOf: body.readableBytesView) }
        return true
    }

    /// A `body` frame.
    static func body(_ bytes: ByteBuffer, call: UInt64, isEnd: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: FrameHeader.size + bytes.readableBytes)
        writeHeader(.body, call: call, isEnd: isEnd, length: bytes.readableBytes, to: &buffer)
        buffer.writeImmutableBuffer(bytes)
        return buffer
    }

    /// A `window` frame: the function may send that many more bytes.
    static func window(_ bytes: Int, call: UInt64, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: FrameHeader.size + 4)
        writeHeader(.window, call: call, isEnd: false, length: 4, to: &buffer)
        buffer.writeInteger(UInt32(clamping: bytes), endianness: .little)
        return buffer
    }

    /// A `cancel` frame.
    static func cancel(call: UInt64, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: FrameHeader.size)
        writeHeader(.cancel, call: call, isEnd: true, length: 0, to: &buffer)
        return buffer
    }

    /// Any frame.
    static func frame(
        _ kind: FrameType,
        call: UInt64,
        _ payload: ByteBuffer,
        isEnd: Bool,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: FrameHeader.size + payload.readableBytes)
        writeHeader(kind, call: call, isEnd: isEnd, length: payload.readableBytes, to: &buffer)
        buffer.writeImmutableBuffer(payload)
        return buffer
    }

    /// A frame about a request of a call.
    static func fetch(
        _ kind: FrameType,
        call: UInt64,
        fetch: UInt32,
        _ payload: ByteBuffer,
        isEnd: Bool
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: FrameHeader.size + 4 + payload.readableBytes)
        writeHeader(kind, call: call, isEnd: isEnd, length: 4 + payload.readableBytes, to: &buffer)
        buffer.writeInteger(fetch, endianness: .little)
        buffer.writeImmutableBuffer(payload)
        return buffer
    }

    private static func writeHeader(
        _ kind: FrameType,
        call: UInt64,
        isEnd: Bool,
        length: Int,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(UInt32(clamping: length), endianness: .little)
        buffer.writeInteger(kind.rawValue)
        buffer.writeInteger(isEnd ? FrameHeader.endFlag : 0)
        buffer.writeInteger(UInt16(0))
        buffer.writeInteger(call, endianness: .little)
    }
}
