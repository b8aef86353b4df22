/// Load on a URL: `wrk` with one thread, which POSTs a body again and again on kept connections.
struct Load: Hashable, Sendable {
    let url: String
    let connections: Int
    /// Bytes of the body.
    let payload: Int
    /// Whether every request has a connection of its own.
    var isClosing = false

    /// Makes load for a time.
    func run(script: String, seconds: Int) throws -> LoadResult {
        try LoadResult(parsing: try Command(arguments(script: script, seconds: seconds)).run())
    }

    /// The command that makes it.
    func arguments(script: String, seconds: Int) throws(BenchError) -> [String] {
        guard let wrk = Command.path(of: "wrk") else { throw BenchError("wrk is not installed (apt-get install wrk)") }
        return [
            wrk, "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--latency",
            "--timeout",
            "10s", "--script", script, url, "--", "\(payload)",
        ] + (isClosing ? ["close"] : [])
    }
}
