/// Takes an HTTP/1.1 answer apart as its bytes come: enough of the protocol to talk to our own node.
struct HTTPAnswerParser {
    private var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// The answer, once all of it is there; nil before that.
    mutating func next() throws(BenchError) -> HTTPAnswer? {
        guard let (head, start) = lines(from: 0) else { return nil }
        let words = head.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw BenchError("this is no HTTP answer: \(head.first ?? "")")
        }
        var headers = Self.headers(head.dropFirst())
        var body: [UInt8] = []
        var end = start
        if headers["transfer-encoding"] == "chunked" {
            guard let (chunks, trailers, after) = try self.chunks(from: start) else { return nil }
            headers.merge(Self.headers(trailers[...])) { _, trailer in trailer }
            (body, end) = (chunks, after)
        } else if status != 204, status >= 200 {
            let length = headers["content-length"].map { Int($0) ?? -1 } ?? 0
            guard length >= 0 else {
                throw BenchError("the answer has no length")
            }
            guard bytes.count >= start + length else { return nil }
            (body, end) = (Array(bytes[start..<start + length]), start + length)
        }
        bytes.removeFirst(end)
        return HTTPAnswer(status: status, headers: headers, body: body)
    }

    /// The lines from a place up to an empty one, and where what follows begins.
    private func lines(from start: Int) -> (lines: [String], end: Int)? {
        var lines: [String] = []
        var begin = start
        while let (line, next) = line(from: begin) {
            if line.isEmpty { return (lines, next) }
            lines.append(line)
            begin = next
        }
        return nil
    }

    private func line(from start: Int) -> (text: String, end: Int)? {
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = bytes[start..<end]
        return (String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self), end + 1)
    }

    private func chunks(from start: Int) throws(BenchError) -> (body: [UInt8], trailers: [String], end: Int)? {
        var body: [UInt8] = []
        var begin = start
        while let (size, next) = line(from: begin) {
            guard let count = Int(size.prefix { $0 != ";" }, radix: 16), count >= 0 else {
                throw BenchError("the answer has a chunk without a size")
            }
            if count == 0 { return lines(from: next).map { (body, $0.lines, $0.end) } }
            guard bytes.count >= next + count + 2 else { return nil }
            body += bytes[next..<next + count]
            begin = next + count + 2
        }
        return nil
    }

    private static func headers(_ lines: ArraySlice<String>) -> [String: String] {
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        return headers
    }
}
