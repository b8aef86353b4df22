import ArgumentParser

/// `godwit-bench run`, which is what `godwit-bench` does when nothing else is said.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the cases and print the report as Markdown.",
        discussion: """
            Starts everything it needs on free loopback ports with a data folder that it throws away, and stops all of \
            it at the end, on an error and on Ctrl-C. What is not installed is left out, and the report says so.
            """
    )

    @Option(help: "Rounds of every case.") var rounds = 5
    @Option(help: "Seconds of load for every subject in a round.") var seconds = 3
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Run these cases only; `godwit-bench list` shows them.", valueName: "case")
    )
    var only: [String] = []
    @Option(help: ArgumentHelp("Write the report as JSON too.", valueName: "file")) var json: String?
    @Option(help: ArgumentHelp("Write the report as Markdown too.", valueName: "file")) var markdown: String?
    @Option(help: ArgumentHelp("The godwit to measure; godwit-spawner is beside it.", valueName: "program"))
    var godwit: String?
    @Option(help: ArgumentHelp("The folder Benchmarks, where it is not found by itself.", valueName: "folder"))
    var folder: String?
    @Option(
        help: ArgumentHelp("Where the data folder is made: on a disk, open to the node's user.", valueName: "folder")
    )
    var work = "/var/tmp"

    func validate() throws {
        guard (1...50).contains(rounds) else { throw ValidationError("--rounds is 1 to 50") }
        guard (1...60).contains(seconds) else { throw ValidationError("--seconds is 1 to 60") }
        for name in only where !Catalogue.cases.contains(where: { $0.name == name }) {
            let known = Catalogue.cases.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no case '\(name)'; there are \(known)")
        }
    }

    func run() throws {
        Interruption.install()
        do {
            let report = try measure()
            if let json { try write(try JSONReport.text(report), to: json) }
            let text = MarkdownReport(report).text
            print(text, terminator: "")
            if let markdown { try write(text, to: markdown) }
        } catch is Interrupted {
            Console.note("interrupted; everything that was started is stopped")
            throw ExitCode(130)
        } catch let error as BenchError {
            Console.note("error: \(error)")
            throw ExitCode.failure
        }
    }

    private func measure() throws -> Report {
        guard let folder = folder ?? BenchmarksFolder.find() else {
            throw BenchError("the folder Benchmarks is not found; name it with --folder")
        }
        let settings = Settings(
            rounds: rounds,
            seconds: seconds,
            benchmarks: System.absolute(folder),
            godwit: System.absolute(godwit ?? "\(folder)/../.build/release/godwit")
        )
        let bench = try Workbench(settings: settings, work: work)
        defer { bench.close() }
        return try bench.run(Catalogue.cases.filter { only.isEmpty || only.contains($0.name) })
    }

    private func write(_ text: String, to path: String) throws(BenchError) {
        guard System.write(text, to: path) else { throw BenchError("'\(path)' cannot be written: \(System.reason)") }
    }
}
