import Testing

@testable import Bench

@Suite struct PlacementCasesTests {
    @Test func timesOfDecisionsAreMicroseconds() throws {
        let text = """
            {"unit": "ns", "seed": 1, "results": [{"candidates": 10, "p50": 1200, "p95": 1300, "p99": 1500}]}
            """
        let sample = try Decision.sample(text, candidates: 10)
        #expect(sample.map(\.metric) == [.median, .high, .tail])
        #expect(sample.map(\.value) == [1.2, 1.3, 1.5])
        #expect(throws: BenchError.self) { try Decision.sample(text, candidates: 1) }
        #expect(throws: BenchError.self) { try Decision.sample("no JSON", candidates: 10) }
    }

    @Test func theGoalNamesASubjectOfTheCase() throws {
        var result = CaseResult(name: "decision", title: "", explanation: "")
        result.subjects = [SubjectResult(name: "1,000 candidates", isReference: false)]
        result.subjects[0].append([(.tail, 4.5)])
        result.conclude(Decision().goals)
        #expect(result.verdicts.map(\.outcome) == [.met])
    }

    @Test func whatPassingOnAddsIsTakenRoundByRound() throws {
        var result = CaseResult(name: "offload", title: "", explanation: "")
        result.subjects = [
            SubjectResult(name: "at the node that runs it", isReference: true),
            SubjectResult(name: "through another node", isReference: false),
        ]
        for (direct, passedOn) in [(200.0, 300.0), (400, 520), (210, 320)] {
            result.subjects[0].append([(.median, direct), (.tail, direct)])
            result.subjects[1].append([(.median, passedOn), (.tail, direct - 10)])
        }
        Offload(payload: 64).complete(&result)
        #expect(result.subjects[1][.addedMedian]?.rounds == [100, 120, 110])
        #expect(result.subjects[1][.addedMedian]?.median == 110)
        #expect(result.subjects[1][.addedTail]?.median == -10)
        #expect(result.subjects[0][.addedMedian] == nil)
    }
}
