import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `godwit-bench compare`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show what became better or worse between two reports.",
        discussion: """
            Takes two files that `--json` wrote. Ratios to a reference are compared where there are any, since they bear a \
            change of the machine; other values only where both reports are of the same processor. What changed by no more \
            than the rounds of either report lie apart is noise and not shown. The exit code is 1 where something became worse \
            by more than --bound.
            """
    )

    @Argument(help: "The earlier report.") var old: String
    @Argument(help: "The later report.") var new: String
    @Option(help: "Share by which something may become worse.") var bound = 0.1

    func run() throws {
        let comparison = Comparison(old: try Self.report(old), new: try Self.report(new))
        print(comparison.text(bound: bound), terminator: "")
        guard comparison.regressions(beyond: bound).isEmpty else { throw ExitCode.failure }
    }

    private static func report(_ path: String) throws -> Report {
        guard let text = System.text(of: path) else { throw BenchError("'\(path)' cannot be read: \(System.reason)") }
        do {
            return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        } catch {
            throw BenchError("'\(path)' is no report that --json wrote: \(error)")
        }
    }
}
