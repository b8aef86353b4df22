import FunctionKit
import Glibc

/// The node's side of the socket where calls lie ahead of their turn, for a test.
final class TestLineup {
    private let near: Int32
    /// The end that the function has as well.
    let far: Int32

    init() throws {
        var pair: [Int32] = [-1, -1]
        // SAFETY: the array has the two places that are filled in.
        let result = unsafe pair.withUnsafeMutableBufferPointer {
            unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, $0.baseAddress)
        }
        guard result == 0 else { throw SystemError("socketpair", errno) }
        (near, far) = (pair[0], pair[1])
    }

    deinit { [near, far].forEach(System.close) }

    /// Lays a call down.
    func append(_ call: UInt64, path: String = "/", body: [UInt8] = []) throws {
        var bytes: [UInt8] = []
        TestNode.request(call, path: path, body: body).encode(to: &bytes)
        try System.sendPacket(near, bytes.span)
    }

    /// Takes back what the function has not taken; returns how many calls that were.
    func takeBack() -> Int {
        var count = 0
        var byte: UInt8 = 0
        // SAFETY: there is room for the one byte that is asked for; the rest of the packet is dropped.
        while unsafe recv(far, &byte, 1, Int32(MSG_DONTWAIT)) == 1 { count += 1 }
        return count
    }
}
