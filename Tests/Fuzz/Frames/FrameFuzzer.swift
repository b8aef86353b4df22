import Domain
import FunctionKit
import NIOCore

/// Gives the same bytes, in the same pieces, to both readers of the frame format.
///
/// One is the node's, which does not trust the function, the other the function's. What one takes for a frame the other
/// must take for the same, and neither may trap.
enum FrameFuzzer {
    /// The first byte says how the rest is cut.
    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let size = Int(first) + 1
        let stream = bytes[1...]
        var node = FrameReader()
        var function = FrameDecoder()
        var start = stream.startIndex
        while start < stream.endIndex {
            let piece = Array(stream[start..<min(start + size, stream.endIndex)])
            start += piece.count
            var buffer = ByteBuffer(bytes: piece)
            node.append(&buffer)
            function.append(piece.span)
            guard drain(&node, &function) else { return }
        }
        precondition(function.bufferedBytes <= stream.count, "it holds what it was not given")
    }

    /// Compares all whole frames; false when the stream has no meaning any more.
    private static func drain(_ node: inout FrameReader, _ function: inout FrameDecoder) -> Bool {
        while true {
            var ours: IncomingFrame?
            var theirs: Frame?
            var isRefused = false
            do throws(FrameViolation) { ours = try node.next() } catch { isRefused = true }
            do throws(FrameError) {
                theirs = try function.next()
                precondition(!isRefused, "the node refuses what the function takes")
            } catch {
                precondition(isRefused, "the function refuses what the node takes")
            }
            guard !isRefused else { return false }
            guard let ours, let theirs else {
                precondition(ours == nil && theirs == nil, "only one of them sees a frame")
                return true
            }
            precondition(ours.kind == theirs.type && ours.isEnd == theirs.isEnd && ours.call == theirs.call)
            precondition(Array(ours.payload.readableBytesView) == theirs.payload, "payloads differ")
            compare(theirs.payload)
        }
    }

    /// Every payload is read as every type, and read the same by both.
    private static func compare(_ bytes: [UInt8]) {
        var payload = ByteBuffer(bytes: bytes)
        let ours = try? FramePayload.responseHead(&payload)
        let theirs = try? ResponseHead.decode(bytes.span)
        precondition((ours == nil) == (theirs == nil), "only one of them reads the head")
        if let ours, let theirs {
            precondition(ours.status == Int(theirs.head.status) && ours.1.count == theirs.head.headers.count)
            precondition(bytes.count - payload.readableBytes == theirs.bodyOffset, "the body begins elsewhere")
            for (left, right) in zip(ours.1, theirs.head.headers) {
                precondition(left.name == right.name.lowercased() && left.value == right.value)
            }
        }
        payload = ByteBuffer(bytes: bytes)
        let window = try? FramePayload.window(&payload)
        precondition((window == nil) == ((try? WindowPayload(decoding: bytes.span)) == nil), "windows differ")
        payload = ByteBuffer(bytes: bytes)
        if let failure = try? FramePayload.failure(&payload), payload.readableBytes == 0 {
            let other = try? FailurePayload(decoding: bytes.span)
            precondition(other?.type == failure.type && other?.message == failure.message, "failures differ")
        }
        payload = ByteBuffer(bytes: bytes)
        _ = try? FramePayload.metric(&payload)
        _ = try? MetricPayload(decoding: bytes.span)
        payload = ByteBuffer(bytes: bytes)
        _ = try? FramePayload.log(&payload)
        _ = try? LogPayload(decoding: bytes.span)
        _ = try? RequestHead.decode(bytes.span)
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: the fuzzer's bytes are `count` long and live for the call.
    unsafe FrameFuzzer.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
