/// What it costs that a call is passed on: the same function on one node, called there and through another.
struct Offload: Benchmark {
    let payload: Int

    private static let direct = "at the node that runs it"
    private static let passedOn = "through another node"
    private static let function = "bench-offload"

    let name = "offload"
    var title: String { "warm calls passed on to another node, 1 connection, \(payload) B" }

    var explanation: String {
        """
        POST of \(payload) bytes which come back, HTTP/1.1, kept connections, wrk with one thread. Two nodes of one \
        continuum on loopback: a Swift function that only the tier cloud may run, called at the cloud node itself, and \
        at an edge node, which decides, finds that node, and passes the call on over mutual TLS. The added time is the \
        difference between the two in the same round. Client, both nodes and the function share the processors; there \
        is no network in between.
        """
    }

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject(Self.direct, isReference: true) {
                let pair = try bench.pair(with: Self.function)
                return try measure(pair.cloud, pair, bench)
            },
            Subject(Self.passedOn) {
                let pair = try bench.pair(with: Self.function)
                return try measure(pair.edge, pair, bench)
            },
        ]
    }

    /// Adds what passing a call on takes: the difference to the direct call, round by round.
    func complete(_ result: inout CaseResult) {
        guard let direct = result.subjects.first(where: { $0.name == Self.direct }),
            let index = result.subjects.firstIndex(where: { $0.name == Self.passedOn })
        else { return }
        for (metric, added) in [(Metric.median, Metric.addedMedian), (.tail, .addedTail)] {
            guard let without = direct[metric]?.rounds, let with = result.subjects[index][metric]?.rounds else {
                continue
            }
            for (without, with) in zip(without, with) { result.subjects[index].append([(added, with - without)]) }
        }
    }

    /// Makes sure that the calls run on the cloud node, warms up, and gives what is measured in a round.
    private func measure(_ node: Node, _ pair: NodePair, _ bench: Workbench) throws -> () throws -> Sample {
        let answer = try pair.firstAnswer(of: Self.function, at: node)
        guard answer.headers["godwit-node"] == pair.cloudName else {
            throw BenchError("the call ran on \(answer.headers["godwit-node"] ?? "no node"), not on \(pair.cloudName)")
        }
        let url = node.url(of: Self.function)
        let load = Load(url: url, connections: 1, payload: payload)
        _ = try bench.load(load, seconds: 1).checked(url)
        return {
            let before = pair.nodes.map { Node.platform($0.family) }
            let result = try bench.load(load).checked(url)
            let used = zip(pair.nodes, before).map { Node.platform($0.family).cpuMicroseconds(since: $1) }.reduce(0, +)
            return [
                (.rate, result.rate), (.median, result.median), (.tail, result.tail),
                (.platformCPU, used / Double(result.requests)),
            ]
        }
    }
}
