#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How long it takes to choose a node for a call, by the number of nodes to choose from.
struct Decision: Benchmark {
    /// What the design speaks of.
    private static let promised = 1000
    private static let program = "decision-timer"

    let name = "decision"
    let title = "placing a call, by candidates"

    let explanation = """
        The scheduler alone, without HTTP, in one process: 50 functions, half of them with an objective, on nodes of \
        different size, power, distance and load; every call is begun and ended before the next, so that the models \
        learn. Every decision is timed by itself with the monotonic clock, whose reading is in the figure. What it reads \
        is in the processor's caches more often than on a node that does other things in between.
        """

    let goals = [Goal(Decision.subject(Decision.promised), .tail, .value, bar: 5, aim: 2)]

    func subjects(on bench: Workbench) -> [Subject] {
        [1, 10, 100, Self.promised].map { candidates in
            Subject(Self.subject(candidates)) {
                let program = try bench.built(Self.program)
                return { try Self.sample(try Command(program, "\(candidates)").run(), candidates: candidates) }
            }
        }
    }

    private static func subject(_ candidates: Int) -> String {
        "\(Number.grouped(Double(candidates))) candidate\(candidates == 1 ? "" : "s")"
    }

    /// What the program prints, or as much of it as is looked at here.
    private struct Output: Decodable {
        struct Result: Decodable {
            let candidates: Int
            let p50: Double
            let p95: Double
            let p99: Double
        }
        let unit: String
        let results: [Result]
    }

    /// Takes the times of one number of candidates out of what the program printed.
    static func sample(_ text: String, candidates: Int) throws(BenchError) -> Sample {
        guard let output = try? JSONDecoder().decode(Output.self, from: Data(text.utf8)), output.unit == "ns",
            let times = output.results.first(where: { $0.candidates == candidates })
        else { throw BenchError("\(program) printed something else than times: \(text.prefix(200))") }
        return [(.median, times.p50 / 1000), (.high, times.p95 / 1000), (.tail, times.p99 / 1000)]
    }
}
