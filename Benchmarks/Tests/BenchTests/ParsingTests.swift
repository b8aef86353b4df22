import Testing

@testable import Bench

@Suite struct ParsingTests {
    @Test func theLineOfTheLoadScriptIsRead() throws {
        let result = try LoadResult(parsing: "Running 1s test\nresult 1000 2000000 61 1400 70.25 0 1 0 10 2\n")
        #expect(result.rate == 495)
        #expect((result.median, result.tail, result.mean) == (61, 1400, 70.25))
        #expect((result.lost, result.refused) == (3, 10))
        #expect(throws: BenchError.self) { try result.checked("http://x/") }
    }

    @Test(arguments: ["", "result 1 2 3", "unable to connect to 127.0.0.1:1"])
    func otherOutputOfTheLoadGeneratorIsAnError(output: String) {
        #expect(throws: BenchError.self) { try LoadResult(parsing: output) }
    }

    @Test func durationsOfServerTimingAreRead() {
        let timings = ServerTimings("queue;dur=0.12, start;desc=\"cold\"; dur=0.6, note, odd;dur=x")
        #expect(timings.durations.map(\.name) == ["queue", "start"])
        #expect(timings.durations.map(\.milliseconds) == [0.12, 0.6])
        #expect(ServerTimings("").durations.isEmpty)
    }

    @Test func fieldsOfAProcessAreFoundBehindAnyName() throws {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 10 0 0 0 150 50 0 0 20 0 1 0 5 1000000 256 184467"
        let fields = try #require(ProcessUse.fields(stat))
        #expect((fields[0], fields[1], fields[11], fields[12], fields[21]) == ("S", "1", "150", "50", "256"))
        let status = "Name:\tx\nRssAnon:\t    4888 kB\nvoluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t9\n"
        #expect(ProcessUse.number("voluntary_ctxt_switches:", in: status) == 42)
        #expect(ProcessUse.number("RssAnon:", in: status) == 4888)
        #expect(ProcessUse.number("RssFile:", in: status) == 0)
    }

    @Test func holesAreFilled() {
        #expect(Template.fill("a {{x}} {y} {{z}}", ["x": "{{z}}"]) == "a {{z}} {y} {{z}}")
    }

    @Test func crunsSpecificationGetsOurProgram() {
        let specification = "{ \"process\": { \"terminal\": true, \"args\": [ \"sh\" ] } }"
        #expect(Starter.edited(specification) == "{ \"process\": { \"terminal\": false, \"args\": [ \"/hello\" ] } }")
        #expect(Starter.edited("{}") == nil)
    }
}
