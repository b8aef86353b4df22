import Logging
import Telemetry
import Testing

@Suite struct JSONLogHandlerTests {
    private static func handler(label: String = "gateway") -> JSONLogHandler {
        JSONLogHandler(label: label, writer: LogWriter(descriptor: -1)) { 1_700_000_000_123_456_789 }
    }

    private static func line(
        _ message: Logger.Message,
        _ metadata: Logger.Metadata? = nil,
        error: (any Error)? = nil,
        handler: JSONLogHandler = handler()
    ) -> String {
        let event = LogEvent(
            level: .warning,
            message: message,
            error: error,
            metadata: metadata,
            source: nil,
            file: "M/f.swift",
            function: "f()",
            line: 1
        )
        return String(decoding: handler.line(event), as: UTF8.self)
    }

    @Test func writesOneObjectALine() {
        #expect(
            Self.line("node is up", ["port": "8080", "address": "::1"]) == """
                {"ts":"2023-11-14T22:13:20.123456Z","level":"warning","logger":"gateway","msg":"node is up",\
                "address":"::1","port":"8080"}

                """
        )
    }

    @Test(
        "every string survives, on one line of printable characters",
        arguments: [
            "", "plain", "quote \" backslash \\ slash /", "line\nfeed\r\n", "tab\t nul \u{0} bell \u{7} del \u{7f}",
            "\u{1b}[31mred\u{1b}[0m", "c1 \u{9b}31m \u{85}", "\u{2028}\u{2029}", "bidi \u{202e}\u{2066}", "é 漢字 🦆",
            "{\"level\":\"info\"}\n{\"msg\":\"forged\"}", "\u{feff}bom", "\\u0000", "\u{10ffff}", "e\u{301}",
        ]
    )
    func escaping(_ text: String) throws {
        let line = Self.line("\(text)", ["key \(text)": "\(text)"], handler: Self.handler(label: text))
        #expect(line.hasSuffix("}\n"))
        let body = line.dropLast()
        #expect(!body.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
        #expect(!body.unicodeScalars.contains { "\u{2028}\u{2029}\u{202e}\u{2066}".unicodeScalars.contains($0) })
        let fields = try JSONLine.strings(String(body))
        for name in ["msg", "logger", "key \(text)"] {
            // Compared by scalars: strings that look the same count as equal.
            #expect(fields[name].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        }
    }

    @Test func bytesThatAreNoUTF8AreReplaced() throws {
        var bytes: [UInt8] = []
        JSONText.append(utf8: [0x61, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0x22, 0x0a], to: &bytes)
        let fields = try JSONLine.strings("{\"a\":" + String(decoding: bytes, as: UTF8.self) + "}")
        let text = try #require(fields["a"])
        #expect(text.hasPrefix("a\u{fffd}"))
        #expect(text.hasSuffix("\"\n"))
    }

    @Test func randomBytesAreAlwaysJSON() throws {
        var random = SeededGenerator(9)
        for _ in 0..<500 {
            let raw = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            var bytes: [UInt8] = []
            JSONText.append(utf8: raw, to: &bytes)
            let fields = try JSONLine.strings("{\"a\":" + String(decoding: bytes, as: UTF8.self) + "}")
            #expect(
                Array(fields["a", default: "?"].unicodeScalars)
                    == Array(String(decoding: raw, as: UTF8.self).unicodeScalars)
            )
        }
    }

    @Test func metadataComesFromEverywhere() throws {
        var handler = Self.handler()
        handler.metadata = ["a": "handler", "b": "handler", "c": "handler"]
        handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
        handler[metadataKey: "d"] = "set"
        let line = Self.line("m", ["c": "event"], error: PowercapUnavailable.absent(path: "/x"), handler: handler)
        let fields = try JSONLine.strings(line)
        #expect(fields["a"] == "handler")
        #expect(fields["b"] == "provider")
        #expect(fields["c"] == "event")
        #expect(fields["d"] == "set")
        #expect(fields["error.message"] == "there is no package zone under /x")
        #expect(fields["error.type"] == "Telemetry.PowercapUnavailable")
    }

    @Test func metadataMayBeNestedAndHideNothing() throws {
        let line = Self.line(
            "m",
            [
                "list": ["a", ["x": "\"\n"]], "map": ["k": "v"], "number": .stringConvertible(7), "msg": "false",
                "empty": [:],
            ]
        )
        #expect(
            try JSONLine.canonical(line) == """
                {"empty":{},"level":"warning","list":["a",{"x":"\\"\\n"}],"logger":"gateway","map":{"k":"v"},\
                "metadata.msg":"false","msg":"m","number":"7","ts":"2023-11-14T22:13:20.123456Z"}
                """
        )
    }

    @Test func aLoggerUsesIt() throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor)
        var logger = Logger(label: "executor") { JSONLogHandler(label: $0, level: .debug, writer: writer) }
        logger[metadataKey: "node"] = "edge-1"
        logger.trace("unseen")
        logger.debug("seen", metadata: ["call": "7"])
        let lines = try pipe.finish().split(separator: "\n").map(String.init)
        #expect(lines.count == 1)
        let fields = try JSONLine.strings(try #require(lines.first))
        #expect(fields["msg"] == "seen")
        #expect(fields["node"] == "edge-1")
        #expect(fields["call"] == "7")
    }
}
