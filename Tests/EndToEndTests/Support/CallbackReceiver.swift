import Foundation

/// Listens on loopback for callbacks, answers each with 204, and hands over what came.
final class CallbackReceiver: Sendable {
    let port: Int
    private let socket: Int32
    private let requests: AsyncStream<String>

    init() throws {
        let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutableBytes(of: &address) { bytes in
            // SAFETY: a sockaddr_in is what AF_INET expects, and its size is passed and may be written back.
            let name = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            var length = size
            return unsafe bind(listener, name, size) == 0 && listen(listener, 16) == 0
                && getsockname(listener, name, &length) == 0
        }
        guard bound else { throw TestNode.Failure(description: "listen: errno \(errno)") }
        socket = listener
        port = Int(in_port_t(bigEndian: address.sin_port))
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        requests = stream
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                continuation.yield(Self.read(connection))
                let answer = Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8)
                // SAFETY: the buffer's span is live for the call and its size is given.
                _ = unsafe answer.withUnsafeBytes {
                    unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    /// The next request, whole.
    func next() async throws -> String {
        let waiter = Task { [requests] in
            for await request in requests { return request }
            return ""
        }
        let limit = Task {
            try await Task.sleep(for: .seconds(15))
            waiter.cancel()
        }
        defer { limit.cancel() }
        return await waiter.value
    }

    /// Whether nothing comes for a while.
    func isQuiet(for time: Duration) async -> Bool {
        let waiter = Task { [requests] in
            for await _ in requests { return false }
            return true
        }
        try? await Task.sleep(for: time)
        waiter.cancel()
        return await waiter.value
    }

    private static func read(_ connection: Int32) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            // SAFETY: the buffer's span is live for the call and its size is given.
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return text }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let lengths = text.lowercased().split(separator: "\r\n").filter { $0.hasPrefix("content-length:") }
            let length = lengths.first.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
            if text[end.upperBound...].utf8.count >= length { return text }
        }
    }
}
