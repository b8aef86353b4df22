/// What TLS costs a warm call: a node that speaks it beside one that does not.
struct EncryptedCall: Benchmark {
    private static let function = "bench-echo"

    let name = "tls-32"
    let title = "warm calls over TLS, 32 connections, 64 B"
    let explanation = """
        POST of 64 bytes which come back, HTTP/1.1, kept connections, wrk with one thread, which encrypts and decrypts \
        too. Two nodes with the same Swift function, one with `--tls` and a certificate that it made for itself.
        """

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("godwit, plain", isReference: true) {
                try measure(try bench.node(with: Self.function), on: bench)
            },
            Subject("godwit, TLS") { try measure(try bench.encryptedNode(with: Self.function), on: bench) },
        ]
    }

    private func measure(_ node: Node, on bench: Workbench) throws -> () throws -> Sample {
        let load = Load(url: node.url(of: Self.function), connections: 32, payload: 64)
        return try bench.rounds(of: load) { Node.platform(node.family) }
    }
}
