import Domain
import FunctionKit
import NIOCore

/// Writes the frames that the node sends.
enum FrameWriter {
    /// Appends a whole `request` frame, or an `offer`, with the first bytes of its body.
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
        to buffer: inout ByteBuffer
    ) {
        var size = 160 + request.path.utf8.count + request.query.utf8.count + (body?.readableBytes ?? 0)
        for header in request.headers { size += 6 + header.name.utf8.count + header.value.utf8.count }
        buffer.reserveCapacity(minimumWritableBytes: size)
        let start = buffer.writerIndex
        writeHeader(kind, call: call, isEnd: isEnd, length: 0, to: &buffer)
        writeShort(request.method, to: &buffer)
        writeLong(request.path, to: &buffer)
        writeLong(request.query, to: &buffer)
        writeShort(traceparent, to: &buffer)
        writeShort(execution.text, to: &buffer)
        buffer.writeInteger(UInt64(max(0, remaining.microseconds)), endianness: .little)
        buffer.writeInteger(version.value, endianness: .little)
        buffer.writeInteger(UInt16(clamping: request.headers.count), endianness: .little)
        for header in request.headers {
            writeShort(header.name, to: &buffer)
            writeLong(header.value, to: &buffer)
        }
        if let body { buffer.writeImmutableBuffer(body) }
        let length = UInt32(buffer.writerIndex - start - FrameHeader.size)
        buffer.setInteger(length, at: start, endianness: .little)
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

    /// Two bytes of length, then the text.
    private static func writeShort(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt16(clamping: text.utf8.count), endianness: .little)
        buffer.writeString(text)
    }

    /// Four bytes of length, then the text.
    private static func writeLong(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(clamping: text.utf8.count), endianness: .little)
        buffer.writeString(text)
    }
}
