/// The first answer of an instance that is forked from a zygote.
struct ForkedStart: Benchmark {
    private static let swift = "godwit, Swift with a table of 50,000", python = "godwit, Python with heavy imports"
    private static let functions = [swift: "bench-zygote", python: "bench-zygote-python"]

    let name = "zygote"
    let title = "start from a zygote to first answer"

    let explanation = """
        As above, for functions with `reuse: never` that have something to initialise: a dictionary of 50,000 entries; \
        the imports of asyncio, json, sqlite3 and ssl. Their instances are forked from a process which has done that, one \
        of them ahead of its call. A zygote is forked 64 times, and all these starts have to be forks. Every layer of \
        isolation on.
        """

    let goals = [
        Goal(ForkedStart.swift, .startMedian, .value, bar: 0.6),
        Goal(ForkedStart.python, .startMedian, .value, bar: 1.5),
    ]

    func subjects(on bench: Workbench) -> [Subject] {
        let cold = ColdStart()
        return Self.functions.sorted { $0.value < $1.value }.map { name, function in
            Subject(name) {
                let node = try bench.node(with: function)
                let count = cold.starts(bench)
                // The first of them start by their program, and ask for the zygote.
                for _ in 0..<10 {
                    _ = try ColdStart.calls(1, of: function, on: node)
                    try System.sleep(milliseconds: 50)
                }
                return {
                    let before = try Self.forks(of: function, on: node)
                    let sample = try ColdStart.calls(count, of: function, on: node)
                    let forked = try Self.forks(of: function, on: node) - before
                    guard Double(forked) >= 0.95 * Double(count) else {
                        throw BenchError("only \(forked) of \(count) instances of \(function) were forked")
                    }
                    return sample
                }
            }
        }
    }

    /// How many instances of a function the node has forked so far.
    private static func forks(of function: String, on node: Node) throws -> Int {
        var connection = try HTTPConnection(port: node.port)
        let text = try connection.request("GET", "/metrics").text
        let prefix = "godwit_forked_instances_total{function=\"\(function)\"} "
        return text.split(separator: "\n").first { $0.hasPrefix(prefix) }.flatMap { Int($0.dropFirst(prefix.count)) }
            ?? 0
    }
}
