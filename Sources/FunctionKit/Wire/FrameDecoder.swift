/// Cuts a stream of bytes into frames.
///
/// Bytes go in as they were read, in any pieces; whole frames come out. It holds at most one frame and what was read
/// beyond it. After an error the stream has no meaning any more and the decoder must not be used again.
package struct FrameDecoder: Sendable {
    /// Space offered to a read.
    private static let readSize = 65_536 + FrameHeader.size

    private var storage: [UInt8] = []
    /// The bytes that are not yet part of a frame that was handed out.
    private var start = 0
    private var end = 0

    /// Makes a decoder without bytes.
    package init() {}

    /// Bytes that wait for the rest of their frame.
    package var bufferedBytes: Int { end - start }

    /// Takes a copy of bytes as they were read.
    package mutating func append(_ bytes: borrowing Span<UInt8>) {
        reserve(bytes.count)
        for index in 0..<bytes.count { storage[end + index] = bytes[index] }
        end += bytes.count
    }

    /// Lets `read` write into the storage from an offset on, and takes the bytes whose number it returns.
    package mutating func fill<Failure: Error>(
        _ read: (inout MutableSpan<UInt8>, _ offset: Int) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(Self.readSize)
        let offset = end
        var space = storage.mutableSpan
        let count = try read(&space, offset)
        end += min(max(count, 0), storage.count - end)
    }

    /// The next whole frame, or nil while there is none.
    package mutating func next() throws(FrameError) -> Frame? {
        guard end - start >= FrameHeader.size else { return nil }
        let header = try FrameHeader(decoding: storage.span.extracting(start..<(start + FrameHeader.size)))
        guard let header, end - start >= FrameHeader.size + Int(header.length) else { return nil }
        let payloadStart = start + FrameHeader.size
        start = payloadStart + Int(header.length)
        let payload = Array(storage[payloadStart..<start])
        if start == end {
            start = 0
            end = 0
        }
        return Frame(header.type, call: header.call, isEnd: header.isEnd, payload: payload)
    }

    /// Makes room for `count` bytes after `end`, moving what is left to the front before growing.
    private mutating func reserve(_ count: Int) {
        guard storage.count - end < count else { return }
        if start > 0 {
            storage.replaceSubrange(0..<(end - start), with: storage[start..<end])
            end -= start
            start = 0
        }
        let missing = count - (storage.count - end)
        if missing > 0 { storage.append(contentsOf: repeatElement(0, count: max(missing, storage.count / 2))) }
    }
}
