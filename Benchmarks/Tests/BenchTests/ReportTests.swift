import Testing

@testable import Bench

@Suite struct ReportTests {
    @Test(
        "numbers have three figures that count",
        arguments: [
            (0.1234, "0.123"), (1.236, "1.24"), (12.34, "12.3"), (123.4, "123"), (44_836.2, "44,836"), (0, "0.000"),
        ]
    )
    func numbers(value: Double, expected: String) {
        #expect(Number.text(value) == expected)
    }

    @Test(
        "a value is shown with its unit",
        arguments: [
            (Metric.median, 54, "54.0 µs"), (.rate, 9120, "9,120/s"), (.instances, 16, "16"), (.wakeUps, 4.5, "4.50/s"),
        ] as [(Metric, Double, String)]
    )
    func units(metric: Metric, value: Double, expected: String) {
        #expect(metric.show(value) == expected)
    }

    @Test(arguments: [(2.0, Verdict.Outcome.missed), (1.5, .met), (1.2, .aimMet)])
    func lowerIsBetter(measured: Double, outcome: Verdict.Outcome) {
        #expect(Verdict(Goal("x", .median, .value, bar: 1.6, aim: 1.2), measured: measured).outcome == outcome)
    }

    @Test(arguments: [(0.5, Verdict.Outcome.missed), (0.6, .met), (0.8, .aimMet)])
    func higherIsBetter(measured: Double, outcome: Verdict.Outcome) {
        #expect(Verdict(Goal("x", .rate, .value, bar: 0.55, aim: 0.8), measured: measured).outcome == outcome)
    }

    @Test func aCaseIsComparedWithItsReference() throws {
        var result = CaseResult(name: "warm", title: "", explanation: "")
        var reference = SubjectResult(name: "nginx", isReference: true)
        var subject = SubjectResult(name: "godwit", isReference: false)
        for value in [100.0, 110, 90] {
            reference.append([(.median, value)])
            subject.append([(.median, value * 1.5), (.rate, 1)])
        }
        result.subjects = [reference, subject]
        let goals = [Goal("godwit", .median, .ratio, bar: 1.6), Goal("absent", .median, .ratio, bar: 1)]
        result.conclude(goals)
        #expect(result.subjects[1][.median]?.ratio?.median == 1.5)
        #expect(result.subjects[1][.rate]?.ratio == nil)
        #expect(result.verdicts.map(\.outcome) == [.met, .notMeasured])
        let text = MarkdownReport(report(result)).text
        #expect(text.contains("| *nginx* |          100 |         |"))
        #expect(text.contains("| godwit  | 150 (1.50 ×) |    1.00 |"))
        #expect(try JSONReport.text(report(result)).contains("\"p50\""))
    }

    private func report(_ result: CaseResult) -> Report {
        let machine = Machine(
            processor: "x",
            processors: 2,
            memoryGibibytes: 8,
            kernel: "6",
            system: "Debian",
            fileSystem: "ext4",
            isRoot: true,
            loadAtStart: 0,
            loadAtEnd: 0
        )
        return Report(
            date: "2026-01-01T00:00:00Z",
            rounds: 3,
            seconds: 1,
            machine: machine,
            tools: Tools(versions: [:]),
            cases: [result]
        )
    }
}
