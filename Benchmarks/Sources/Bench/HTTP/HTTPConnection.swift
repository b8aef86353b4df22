/// A kept connection to a loopback port: one request at a time, blocking, timed.
struct HTTPConnection: ~Copyable {
    private let socket: Descriptor
    private var parser = HTTPAnswerParser()

    init(port: UInt16) throws(BenchError) {
        guard let descriptor = System.connect(port: port) else {
            throw BenchError("no connection to 127.0.0.1:\(port): \(System.reason)")
        }
        self.socket = Descriptor(descriptor)
    }

    /// Waits until a server that gives back what it is sent does so; throws with the end of its log when it does not.
    static func awaitEcho(of name: String, on port: UInt16, log: String) throws {
        for _ in 0..<100 {
            if var connection = try? HTTPConnection(port: port),
                try connection.request("POST", "/", body: Array("ready?".utf8)).text == "ready?"
            {
                return
            }
            try System.sleep(milliseconds: 50)
        }
        throw BenchError("\(name) does not answer: \(System.text(of: log)?.suffix(300) ?? "")")
    }

    /// Sends a request and waits for its answer.
    mutating func request(
        _ method: String,
        _ path: String,
        token: String? = nil,
        body: [UInt8] = []
    ) throws -> HTTPAnswer {
        try receive(since: send(method, path, token: token, body: body))
    }

    /// Sends a request; gives when it began.
    @discardableResult
    mutating func send(
        _ method: String,
        _ path: String,
        token: String? = nil,
        body: [UInt8] = []
    ) throws -> UInt64 {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        let request = Array((head + "\r\n").utf8) + body
        let begin = System.now
        guard System.write(request, to: socket.number) else {
            throw BenchError("\(method) \(path): \(System.reason)")
        }
        return begin
    }

    /// Waits for the answer to the request sent last, which began then.
    mutating func receive(since begin: UInt64) throws -> HTTPAnswer {
        var firstByte: UInt64 = 0
        while true {
            guard let bytes = System.read(socket.number) else {
                try Interruption.check()
                throw BenchError("no answer: \(System.reason)")
            }
            guard !bytes.isEmpty else { throw BenchError("the connection was closed without an answer") }
            if firstByte == 0 { firstByte = System.now - begin }
            parser.append(bytes)
            if var answer = try parser.next() {
                answer.firstByte = firstByte
                return answer
            }
        }
    }
}
