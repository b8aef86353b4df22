import FunctionKit
package import NIOCore

/// Cuts a stream of bytes from an instance into frames; the bytes are not trusted.
package struct FrameReader {
    private var buffer = ByteBuffer()

    package init() {}

    /// Takes bytes as they were read.
    package mutating func append(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next whole frame, or nil while there is none.
    package mutating func next() throws(FrameViolation) -> IncomingFrame? {
        let start = buffer.readerIndex
        guard buffer.readableBytes >= FrameHeader.size,
            let length = buffer.getInteger(at: start, endianness: .little, as: UInt32.self),
            let kind = buffer.getInteger(at: start + 4, as: UInt8.self),
            let flags = buffer.getInteger(at: start + 5, as: UInt8.self),
            let reserved = buffer.getInteger(at: start + 6, as: UInt16.self),
            let call = buffer.getInteger(at: start + 8, endianness: .little, as: UInt64.self)
        else { return nil }
        guard length <= WireLimits.payload else {
            throw FrameViolation("a frame of \(length) bytes is longer than \(WireLimits.payload)")
        }
        guard let kind = FrameType(rawValue: kind) else { throw FrameViolation("there is no frame type \(kind)") }
        guard flags & ~FrameHeader.endFlag == 0, reserved == 0 else {
            throw FrameViolation("a frame has flags that are not defined")
        }
        guard buffer.readableBytes >= FrameHeader.size + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: FrameHeader.size)
        guard let payload = buffer.readSlice(length: Int(length)) else { return nil }
        if buffer.readableBytes == 0 {
            buffer = ByteBuffer()
        } else {
            buffer.discardReadBytes()
        }
        return IncomingFrame(kind: kind, isEnd: flags & FrameHeader.endFlag != 0, call: call, payload: payload)
    }
}
