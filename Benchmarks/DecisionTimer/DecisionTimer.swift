import Domain
import Scheduler

/// `decision-timer [CANDIDATES ...]`: how long one placement takes, as one JSON object on standard output.
///
/// Without arguments at 1, 10, 100 and 1,000 candidates. Times are nanoseconds on the monotonic clock, the reading of
/// which (`clock`) is in each of them.
@main struct DecisionTimer {
    private static let usual = [1, 10, 100, 1000]
    private static let most = 100_000

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let counts = try arguments.isEmpty ? usual : arguments.map(count)
        let results = try counts.map { candidates in
            let times = try Trial(candidates: candidates).run()
            return """
                {"candidates": \(candidates), "p50": \(times.quantile(0.5)), "p95": \(times.quantile(0.95)), \
                "p99": \(times.quantile(0.99))}
                """
        }
        print(
            """
            {"unit": "ns", "decisions": \(Trial.decisions), "warmUp": \(Trial.warmUp), "seed": \(Trial.seed), \
            "clock": \(Times.ofTheClock.quantile(0.5)), "results": [\(results.joined(separator: ", "))]}
            """
        )
    }

    private static func count(_ argument: String) throws -> Int {
        guard let count = Int(argument), (1...most).contains(count) else {
            throw TimerError("'\(argument)' is no number of candidates from 1 to \(most)")
        }
        return count
    }
}
