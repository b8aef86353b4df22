import DequeModule
import Domain
import FunctionKit
import NIOCore

/// Calls that lie with an instance ahead of their turn, on a socket of their own, until the function takes them.
///
/// Confined to the event loop.
///
/// Each is one packet, so that the kernel gives it whole to whoever comes first: to the function, which takes the next
/// when it has answered the last, or to the node, which holds both ends and takes back what must not wait any longer. A
/// call is thus begun once or not at all, whatever the function does.
final class AheadQueue {
    /// Bytes that a call may have to lie here; whatever is longer goes the common way.
    static let callLimit = 16_384

    /// The end that the node sends on, and the one that the function has as well.
    private let near: Descriptor
    private let far: Descriptor
    /// Those that the function is not known to have begun, in their order.
    private(set) var calls: Deque<Call> = []

    /// Makes the socket and hands it to the function over the one for frames, on which nothing may be under way.
    init(over socket: Int32) throws {
        let ends = try System.packetPair()
        near = Descriptor(ends.near.release())
        far = Descriptor(ends.far.release())
        var frame: [UInt8] = []
        FrameHeader(.ahead, call: 0, length: 0).encode(to: &frame)
        try System.send(descriptor: far.raw, with: frame, over: socket)
    }

    /// Lays a call down; false when there is no room.
    func append(_ call: Call, _ frame: ByteBuffer) -> Bool {
        guard frame.readableBytes <= Self.callLimit, System.sendPacket(frame, over: near.raw) else { return false }
        calls.append(call)
        return true
    }

    /// The function has begun the next one, and perhaps answered it.
    func removeFirst() -> Call? { calls.popFirst() }

    /// Takes whatever the function has not taken, and tells which calls that were.
    func takeBack() -> Set<UInt64> {
        var numbers: Set<UInt64> = []
        while let header = System.takePacket(from: far.raw, first: FrameHeader.size) {
            var cursor = ByteCursor(at: FrameHeader.callOffset)
            if let number = cursor.integer(UInt64.self, in: header.span) { numbers.insert(number) }
        }
        return numbers
    }

    var remaining: [Call] { Array(calls) }

    /// Forgets those of these calls that are here, and gives them.
    func remove(_ numbers: Set<UInt64>) -> [Call] {
        defer { calls.removeAll { numbers.contains($0.number) } }
        return calls.filter { numbers.contains($0.number) }
    }
}
