/// Load on a URL: `wrk` with one thread, which POSTs a body again and again on kept connections.
struct Load: Hashable, Sendable {
    let url: String
    let connections: Int
    /// Bytes of the body.
    let payload: Int

    /// Makes load for a time.
    func run(script: String, seconds: Int) throws -> LoadResult {
        guard let wrk = Command.path(of: "wrk") else { throw BenchError("wrk is not installed (apt-get install wrk)") }
        let output = try Command(
            wrk,
            "--threads",
            "1",
            "--connections",
            "\(connections)",
            "--duration",
            "\(seconds)s",
            "--latency",
            "--timeout",
            "10s",
            "--script",
            script,
            url,
            "--",
            "\(payload)"
        ).run()
        return try LoadResult(parsing: output)
    }
}
