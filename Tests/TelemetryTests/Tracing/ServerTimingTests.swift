import Telemetry
import Testing

@Suite struct ServerTimingTests {
    private static func text(of timing: ServerTiming) -> String { String(decoding: timing.bytes, as: UTF8.self) }

    @Test func standsBehindWhatIsThere() {
        var timing = ServerTiming(behind: Array("server-timing: ".utf8))
        timing.add("run", nanoseconds: 1_000_000)
        timing.add("cpu", nanoseconds: 2_000_000)
        #expect(Self.text(of: timing) == "server-timing: run;dur=1, cpu;dur=2")
    }

    @Test func writesPhases() {
        var timing = ServerTiming()
        #expect(timing.bytes.isEmpty)
        timing.add("queue", nanoseconds: 120_000)
        timing.add("start", nanoseconds: 600_400, description: "cold")
        timing.add("miss")
        #expect(Self.text(of: timing) == "queue;dur=0.12, start;dur=0.6;desc=\"cold\", miss")
    }

    @Test(
        arguments: [
            (0, "0"), (499, "0"), (500, "0.001"), (1_000_000, "1"), (1_234_567, "1.235"), (60_000_000_000, "60000"),
            (.max, "18446744073709.552"),
        ] as [(UInt64, String)]
    )
    func durationsAreMilliseconds(_ nanoseconds: UInt64, _ text: String) {
        var timing = ServerTiming()
        timing.add("a", nanoseconds: nanoseconds)
        #expect(Self.text(of: timing) == "a;dur=\(text)")
    }

    @Test func nothingCanLeaveTheHeader() {
        var timing = ServerTiming()
        timing.add("a b;c\r\n", description: "x\"y\\z\r\nSet-Cookie: é")
        timing.add("")
        #expect(Self.text(of: timing) == "a-b-c--;desc=\"x\\\"y\\\\z??Set-Cookie: ?\", -")
    }
}
