import Testing

@testable import Bench

@Suite struct ComparisonTests {
    private static func report(_ processor: String, rate: [Double], reference: [Double], rest: [Double]) -> Report {
        var machine = Machine.describe(work: "/")
        machine.processor = processor
        var report = Report(date: "", rounds: 3, seconds: 1, machine: machine, tools: Tools(versions: [:]))
        var warm = CaseResult(name: "warm-1", title: "", explanation: "")
        var nginx = SubjectResult(name: "nginx", isReference: true)
        for value in reference { nginx.append([(.rate, value)]) }
        var godwit = SubjectResult(name: "godwit", isReference: false)
        for value in rate { godwit.append([(.rate, value)]) }
        warm.subjects = [nginx, godwit]
        warm.conclude([])
        var node = SubjectResult(name: "godwit", isReference: false)
        for value in rest { node.append([(.resident, value)]) }
        var resting = CaseResult(name: "rest", title: "", explanation: "")
        resting.subjects = [node]
        report.cases = [warm, resting]
        return report
    }

    @Test func aRatioThatFellIsWorseAndAFasterReferenceIsNot() {
        let old = Self.report("a", rate: [50, 52, 51], reference: [100, 100, 100], rest: [30, 31, 30])
        let slower = Self.report("a", rate: [40, 41, 40], reference: [100, 100, 100], rest: [30, 30, 31])
        let worse = Comparison(old: old, new: slower).regressions(beyond: 0.1)
        #expect(worse.map(\.benchmark) == ["warm-1"] && worse.first?.isRatio == true)
        let quickMachine = Self.report("b", rate: [100, 104, 102], reference: [200, 200, 200], rest: [60, 60, 60])
        let between = Comparison(old: old, new: quickMachine)
        #expect(between.changes.isEmpty, "values of another machine say nothing")
        #expect(between.text(bound: 0.1).contains("only ratios were compared"))
    }

    @Test func whatIsBetterIsNoRegressionAndNoiseIsNothing() {
        let old = Self.report("a", rate: [50, 60, 55], reference: [100, 100, 100], rest: [60, 61, 60])
        let new = Self.report("a", rate: [54, 58, 57], reference: [100, 100, 100], rest: [30, 31, 30])
        let comparison = Comparison(old: old, new: new)
        #expect(comparison.regressions(beyond: 0.1).isEmpty)
        #expect(comparison.changes.map(\.benchmark) == ["rest"])
        #expect(comparison.text(bound: 0.1).hasPrefix("Better:"))
    }
}
