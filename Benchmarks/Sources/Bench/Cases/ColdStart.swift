/// The first answer of something that did not run before.
struct ColdStart: Benchmark {
    private static let swift = "godwit, static Swift"
    private static let unprepared = "the same, one right after another"
    /// Milliseconds between two starts, so that one start does not meet the last one's end.
    static let shortPause = 5
    /// The same where the machine is to have gone to sleep in between.
    static let longPause = 300

    let pause: Int

    var name: String { isAfterPause ? "cold-after-pause" : "cold" }
    var title: String { "cold start to first answer" + (isAfterPause ? ", after a pause" : "") }

    var explanation: String {
        isAfterPause
            ? "As `cold`, but \(pause) ms apart: processors sleep in between, and caches are used by others."
            : Self.explanation
    }

    private static let explanation = """
        One start at a time, 5 ms apart. Godwit: from before the HTTP request is written until the first byte of the \
        answer, for a function with `reuse: never`, every layer of isolation on; what the node says of it in \
        Server-Timing stands beside it. The others: from before the program is spawned until the first byte of a static \
        C program's output, without HTTP. crun runs its default specification without cgroups, bwrap without seccomp: \
        both do less than Godwit does. Between two starts the spawner prepares the next: a Swift program waits loaded then. \
        "One right after another" leaves it no time for that.
        """

    var goals: [Goal] {
        isAfterPause
            ? []
            : [
                Goal(Self.swift, .startMedian, .value, bar: 2),
                Goal(Self.swift, .startMedian, .ratio, bar: 1.0 / 5, aim: 1.0 / 8),
            ]
    }

    private var isAfterPause: Bool { pause > Self.shortPause }

    init(pause: Int = shortPause) { self.pause = pause }

    func subjects(on bench: Workbench) -> [Subject] {
        var subjects = Starter.allCases.map { starter in
            Subject(starter.title, isReference: starter == .crun) { try prepare(starter, on: bench) }
        }
        subjects.append(godwit(Self.swift, function: "bench-cold", on: bench))
        if !isAfterPause { subjects.append(godwit(Self.unprepared, function: "bench-cold", pause: 0, on: bench)) }
        subjects.append(godwit("godwit, Python", function: "bench-cold-python", on: bench))
        return subjects
    }

    /// Starts of one subject in a round.
    func starts(_ bench: Workbench) -> Int {
        isAfterPause ? 2 + 2 * bench.settings.seconds : min(300, 10 + 30 * bench.settings.seconds)
    }

    func prepare(_ starter: Starter, on bench: Workbench) throws -> () throws -> Sample {
        let timer = try bench.compiled("start-timer")
        let (prefix, command) = try starter.prepare(
            folder: "\(bench.folder)/\(name)-\(starter)",
            hello: try bench.compiled("hello")
        )
        let count = starts(bench), microseconds = pause * 1000
        return {
            let output = try Command(prefix + [timer, "\(count)", "\(microseconds)"] + command).run()
            return Self.sample(output.split(separator: "\n").compactMap { Double($0) })
        }
    }

    private func godwit(
        _ name: String,
        function: String,
        pause between: Int? = nil,
        on bench: Workbench
    ) -> Subject {
        Subject(name) {
            let node = try bench.node(with: function)
            let count = starts(bench)
            _ = try Self.calls(5, of: function, on: node)
            return { try Self.calls(count, of: function, on: node, pause: between ?? pause) }
        }
    }

    /// Calls one after another, each of which starts an instance.
    static func calls(_ count: Int, of function: String, on node: Node, pause: Int = shortPause) throws -> Sample {
        var connection = try HTTPConnection(port: node.port)
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
        var elapsed: [Double] = []
        var phases: [String: [Double]] = [:]
        var names: [String] = []
        for _ in 0..<count {
            let answer = try connection.request("POST", "/function/\(function)", body: body)
            guard answer.status == 200, answer.body == body else {
                throw BenchError("\(function) answered \(answer.status): \(answer.text.prefix(200))")
            }
            guard answer.headers["godwit-start"] == "cold" else { throw BenchError("\(function) did not start cold") }
            elapsed.append(Double(answer.firstByte))
            for (name, milliseconds) in ServerTimings(answer.headers["server-timing"] ?? "").durations {
                if phases[name] == nil { names.append(name) }
                phases[name, default: []].append(milliseconds)
            }
            try System.sleep(milliseconds: pause)
        }
        return sample(elapsed) + names.map { (.phase($0), Statistics.median(phases[$0] ?? [])) }
    }

    private static func sample(_ nanoseconds: [Double]) -> Sample {
        [
            (.startMedian, Statistics.median(nanoseconds) / 1_000_000),
            (.startTail, Statistics.quantile(0.99, of: nanoseconds) / 1_000_000),
        ]
    }
}
