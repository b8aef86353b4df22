/// One call whose body and answer go to and fro in pieces, over a connection of its own.
struct StreamedExchange: ~Copyable {
    private let socket: Descriptor
    private var bytes: [UInt8] = []
    private var hasBegun = false

    private init(_ socket: consuming Descriptor) { self.socket = socket }

    /// Begins a call.
    static func begin(port: UInt16, path: String) throws -> StreamedExchange {
        guard let descriptor = System.connect(port: port) else {
            throw BenchError("no connection to 127.0.0.1:\(port): \(System.reason)")
        }
        let exchange = StreamedExchange(Descriptor(descriptor))
        try exchange.send(Array("POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        return exchange
    }

    /// Waits for the head of the answer.
    private mutating func receiveHead() throws {
        guard !hasBegun else { return }
        hasBegun = true
        var head: [String] = []
        repeat { head.append(try line()) } while head.last != ""
        guard head[0].hasPrefix("HTTP/1.1 200"),
            head.contains(where: { $0.lowercased() == "transfer-encoding: chunked" })
        else { throw BenchError("the answer is not streamed: \(head)") }
    }

    /// Sends a piece and waits until it has come back.
    mutating func exchange(_ piece: [UInt8]) throws {
        try send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10])
        try receiveHead()
        var back: [UInt8] = []
        while back.count < piece.count { back += try chunk() }
        guard back == piece else { throw BenchError("another piece came back than was sent") }
    }

    /// Ends the call; it must have answered whole.
    mutating func end() throws {
        try send(Array("0\r\n\r\n".utf8))
        guard try chunk().isEmpty else { throw BenchError("more came back than was sent") }
    }

    private mutating func chunk() throws -> [UInt8] {
        guard let count = Int(try line(), radix: 16) else { throw BenchError("a chunk has no size") }
        guard count > 0 else { return [] }
        while bytes.count < count + 2 { try receive() }
        defer { bytes.removeFirst(count + 2) }
        return Array(bytes.prefix(count))
    }

    private mutating func line() throws -> String {
        while true {
            if let end = bytes.firstIndex(of: 10) {
                defer { bytes.removeFirst(end + 1) }
                return String(decoding: bytes[..<end].filter { $0 != 13 }, as: UTF8.self)
            }
            try receive()
        }
    }

    private mutating func receive() throws {
        guard let more = System.read(socket.number) else {
            try Interruption.check()
            throw BenchError("no answer: \(System.reason)")
        }
        guard !more.isEmpty else { throw BenchError("the connection was closed in the middle of an answer") }
        bytes += more
    }

    private func send(_ bytes: [UInt8]) throws {
        guard System.write(bytes, to: socket.number) else { throw BenchError("a piece was not sent: \(System.reason)") }
    }
}
