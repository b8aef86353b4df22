import Logging
import Telemetry
import Testing

@Suite struct TextLogHandlerTests {
    private static func line(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: Logger.Metadata? = nil,
        isColoured: Bool = false
    ) -> String {
        let handler = TextLogHandler(label: "gateway", writer: LogWriter(descriptor: -1), isColoured: isColoured) {
            1_700_000_000_123_456_789
        }
        return handler.line(
            LogEvent(
                level: level,
                message: message,
                metadata: metadata,
                source: nil,
                file: "M/f.swift",
                function: "f()",
                line: 1
            )
        )
    }

    @Test func isAligned() {
        let info = Self.line(.info, "node is up", ["b": "two words", "a": "1", "c": "", "d": "x=\"y\""])
        #expect(
            info == """
                2023-11-14T22:13:20.123456Z INFO     gateway      node is up a=1 b="two words" c="" d="x=\\"y\\""

                """
        )
        #expect(Self.line(.critical, "m") == "2023-11-14T22:13:20.123456Z CRITICAL gateway      m\n")
    }

    @Test(arguments: ["a\nb", "a\r\u{1b}[2Jb", "a\u{9b}b", "a\u{202e}b", "a\u{0}b", "a\u{2028}b"])
    func isOneLineWithoutControls(_ text: String) {
        let line = Self.line(.info, "\(text)", ["k\(text)": "\(text)"])
        #expect(!line.dropLast().unicodeScalars.contains { $0.isHidden })
        #expect(line.hasSuffix("\n"))
    }

    @Test func isColouredOnlyWhenAsked() {
        #expect(!Self.line(.error, "m").contains("\u{1b}"))
        #expect(Self.line(.error, "m", isColoured: true).contains("\u{1b}[31mERROR   \u{1b}[0m"))
        let pipe = LogPipe()
        #expect(!LogWriter(descriptor: pipe.descriptor).wantsColour)
    }

    @Test(
        arguments: [
            ("info", .info), ("WARN", .warning), ("Warning", .warning), ("fatal", .critical), ("err", .error),
            ("trace", .trace),
        ] as [(String, Logger.Level)]
    )
    func readsLevels(_ text: String, _ level: Logger.Level) throws {
        #expect(try Logger.Level(parsing: text) == level)
    }

    @Test(arguments: ["", "loud", "info ", "7"])
    func refusesOtherLevels(_ text: String) {
        let error = #expect(throws: InvalidLogLevel.self) { try Logger.Level(parsing: text) }
        #expect(error?.description.contains("trace, debug, info, notice, warning, error, critical") == true)
    }
}
