import Testing

@testable import Bench

@Suite struct HTTPAnswerParserTests {
    static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nGodwit-Start: cold\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=1\r\nllo\r\n0\r\nGodwit-Start: cold\r\n\r\n",
    ]

    @Test("answers come out whole, however the bytes come in", arguments: answers)
    func pieces(answer: String) throws {
        var parser = HTTPAnswerParser()
        var found: [HTTPAnswer] = []
        for byte in Array((answer + answer).utf8) {
            parser.append([byte])
            if let answer = try parser.next() { found.append(answer) }
        }
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.status == 200 && $0.text == "hello" && $0.headers["godwit-start"] == "cold" })
    }

    @Test(arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
    func whatIsNoAnswerIsAnError(text: String) {
        var parser = HTTPAnswerParser()
        parser.append(Array(text.utf8))
        #expect(throws: BenchError.self) { try parser.next() }
    }
}
