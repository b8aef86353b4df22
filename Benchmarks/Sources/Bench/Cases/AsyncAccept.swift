#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asynchronous calls: how many the node takes on, each on the disk before it is acknowledged.
struct AsyncAccept: Benchmark {
    let connections: Int
    let payload: Int

    private static let function = "bench-echo"
    /// Milliseconds that the node gets to finish what it accepted in a round.
    private static let patience = 120_000

    var name: String { "async-\(connections)" }
    var title: String { "asynchronous calls accepted, \(connections) connections, \(payload) B" }

    var explanation: String {
        """
        POST to /async-function on kept connections until the 202, while the node runs what it has accepted; the next \
        round begins when all of it is finished, and `finished` counts up to then. The reference is the disk alone: 512 \
        bytes appended and fdatasync, one after another, in the same file system.
        """
    }

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("append and fdatasync, one at a time", isReference: true) {
                let program = try bench.compiled("commit-timer")
                return {
                    let file = "\(bench.folder)/commits"
                    let output = try Command(program, file, "512", "\(bench.settings.seconds * 1000)").run()
                    guard let rate = Double(output.prefix { $0 != "\n" }) else {
                        throw BenchError("no rate: \(output)")
                    }
                    return [(.rate, rate)]
                }
            },
            Subject("godwit, Swift") {
                let node = try bench.node(with: Self.function)
                return { try round(node, bench) }
            },
        ]
    }

    private func round(_ node: Node, _ bench: Workbench) throws -> Sample {
        let url = node.asyncURL(of: Self.function)
        let before = Node.platform(node.family)
        let begin = System.now
        let result = try bench.load(Load(url: url, connections: connections, payload: payload)).checked(url)
        try waitUntilDone(node)
        let seconds = Double(System.now - begin) / 1_000_000_000
        let calls = Double(result.requests)
        return [
            (.rate, result.rate), (.median, result.median), (.tail, result.tail),
            (.platformCPU, Node.platform(node.family).cpuMicroseconds(since: before) / calls),
            (.completed, calls / seconds),
        ]
    }

    /// The part of a list of executions that is looked at here.
    private struct Executions: Decodable {
        struct Execution: Decodable {}
        let executions: [Execution]
    }

    private func waitUntilDone(_ node: Node) throws {
        let end = System.now + UInt64(Self.patience) * 1_000_000
        while System.now < end {
            let open = try ["queued", "running"].contains { state in
                let path = "/v1/executions?function=\(Self.function)&state=\(state)&limit=1"
                let answer = try node.request("GET", path)
                guard answer.status == 200,
                    let list = try? JSONDecoder().decode(Executions.self, from: Data(answer.body))
                else { throw BenchError("the list of executions: \(answer.status) \(answer.text.prefix(200))") }
                return !list.executions.isEmpty
            }
            if !open { return }
            try System.sleep(milliseconds: 100)
        }
        throw BenchError("not all that was accepted was finished \(Self.patience / 1000) s later")
    }
}
