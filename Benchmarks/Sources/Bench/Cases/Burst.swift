/// Many calls at once of a function that is scaled to zero.
struct Burst: Benchmark {
    private static let function = "bench-burst"
    /// Long enough for the last round's instances to be gone: they are kept for a second.
    private static let restMilliseconds = 3000

    let calls = 200
    var name: String { "burst-\(calls)" }
    var title: String { "a burst of \(calls) calls on a function scaled to zero" }

    var explanation: String {
        """
        \(calls) connections, opened before, send a call of 64 bytes each, one after another without waiting. No instance of \
        the static Swift function runs; up to 32 may. Time from the first byte sent to an answer: the middle one and the last.
        """
    }

    /// One call on its way.
    private final class Waiting {
        var connection: HTTPConnection

        init(port: UInt16) throws { self.connection = try HTTPConnection(port: port) }
    }

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("godwit, static Swift") {
                let node = try bench.node(with: Self.function)
                return { try round(on: node) }
            }
        ]
    }

    private func round(on node: Node) throws -> Sample {
        try System.sleep(milliseconds: Self.restMilliseconds)
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
        let waiting = try (0..<calls).map { _ in try Waiting(port: node.port) }
        let begin = System.now
        for call in waiting { try call.connection.send("POST", "/function/\(Self.function)", body: body) }
        var took: [Double] = []
        for call in waiting {
            let answer = try call.connection.receive(since: begin)
            guard answer.status == 200, answer.text.utf8.elementsEqual(body) else {
                throw BenchError("a call of the burst was answered with \(answer.status): \(answer.text.prefix(200))")
            }
            took.append(Double(System.now - begin) / 1e6)
        }
        return [(.burstMedian, Statistics.median(took)), (.burstLast, took.max() ?? 0)]
    }
}
