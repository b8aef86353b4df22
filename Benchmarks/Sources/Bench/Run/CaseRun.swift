/// Runs one case: all subjects once a round, each round beginning with another one.
struct CaseRun {
    private let benchmark: any Benchmark
    private let bench: Workbench

    init(_ benchmark: any Benchmark, on bench: Workbench) {
        self.benchmark = benchmark
        self.bench = bench
    }

    func run() throws -> CaseResult {
        var result = CaseResult(name: benchmark.name, title: benchmark.title, explanation: benchmark.explanation)
        var measures: [(index: Int, measure: () throws -> Sample)] = []
        for subject in benchmark.subjects(on: bench) {
            let index = result.subjects.count
            result.subjects.append(SubjectResult(name: subject.name, isReference: subject.isReference))
            if let measure = try attempt(subject.name, &result, subject.prepare) { measures.append((index, measure)) }
        }
        let rounds = benchmark.rounds(wanted: bench.settings.rounds)
        for round in 0..<rounds where !measures.isEmpty {
            let first = round % measures.count
            for (index, measure) in measures[first...] + measures[..<first] {
                try Interruption.check()
                let name = result.subjects[index].name
                guard let sample = try attempt("\(name), round \(round + 1)", &result, measure) else {
                    // Without its value the rounds of the subjects would no longer belong together.
                    measures.removeAll { $0.index == index }
                    continue
                }
                result.subjects[index].append(sample)
                let shown = sample.prefix(3).map { "\($0.metric.title) \($0.metric.show($0.value))" }
                Console.note("  round \(round + 1)/\(rounds), \(name): \(shown.joined(separator: ", "))")
            }
        }
        benchmark.complete(&result)
        result.conclude(benchmark.goals)
        return result
    }

    /// Does something that may not be possible here; that becomes a note.
    private func attempt<Value>(
        _ what: String,
        _ result: inout CaseResult,
        _ body: () throws -> Value
    ) throws -> Value? {
        do {
            return try body()
        } catch let error as BenchError {
            try Interruption.check()
            Console.note("  left out: \(what): \(error)")
            result.notes.append("left out: \(what): \(error)")
            return nil
        }
    }
}
