/// Pieces that go to and fro within one call, beside a call for each piece.
struct StreamedCall: Benchmark {
    private static let piece = [UInt8](repeating: 120, count: 64)
    /// Pieces in one call.
    private static let pieces = 1_000

    let name = "stream"
    let title = "pieces of 64 B to and fro within one call, 1 connection"
    let explanation = """
        Pieces of 64 bytes to a streaming Swift function, each sent when the one before it has come back, 1,000 in a call, \
        HTTP/1.1 with chunks; beside a Swift function that is called once for each piece over a kept connection. Both by \
        the same client, which compares every byte. CPU is that of node and spawner for a piece.
        """

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("a call for each piece", isReference: true) {
                let node = try bench.node(with: "bench-echo")
                return {
                    try Self.measure(node, seconds: bench.settings.seconds) { times in
                        var connection = try HTTPConnection(port: node.port)
                        for _ in 0..<Self.pieces {
                            let begin = System.now
                            let answer = try connection.request("POST", "/function/bench-echo", body: Self.piece)
                            guard answer.status == 200, answer.body == Self.piece else {
                                throw BenchError("a call was answered with \(answer.status)")
                            }
                            times.append(Double(System.now - begin) / 1000)
                        }
                    }
                }
            },
            Subject("pieces of one call") {
                let node = try bench.node(with: "bench-stream")
                return {
                    try Self.measure(node, seconds: bench.settings.seconds) { times in
                        var call = try StreamedExchange.begin(port: node.port, path: "/function/bench-stream")
                        for number in 0..<Self.pieces {
                            let begin = System.now
                            try call.exchange(Self.piece)
                            // The answer's head comes with the first.
                            if number > 0 { times.append(Double(System.now - begin) / 1000) }
                        }
                        try call.end()
                    }
                }
            },
        ]
    }

    /// Repeats it for so long, and tells how long pieces took, in microseconds.
    private static func measure(
        _ node: Node,
        seconds: Int,
        _ exchange: (inout [Double]) throws -> Void
    ) throws -> Sample {
        var times: [Double] = []
        try exchange(&times)
        times = []
        let before = Node.platform(node.family), begin = System.now
        let end = begin + UInt64(seconds) * 1_000_000_000
        while System.now < end { try exchange(&times) }
        let used = Node.platform(node.family).cpuMicroseconds(since: before)
        return [
            (.rate, Double(times.count) / (Double(System.now - begin) / 1e9)),
            (.median, Statistics.quantile(0.5, of: times)), (.tail, Statistics.quantile(0.99, of: times)),
            (.platformCPU, used / Double(times.count)),
        ]
    }
}
