/// Warm calls of a Python handler, beside the same handler behind gunicorn, without any isolation.
struct PythonCall: Benchmark {
    private static let payload = 64
    private static let connections = 32

    let name = "python-32"
    let title = "warm calls of Python, 32 connections, 64 B"
    let explanation = """
        POST of 64 bytes which come back, HTTP/1.1, kept connections, wrk with one thread. gunicorn with two workers of \
        sixteen threads, which serve a WSGI function in their own processes; Godwit with a process and every layer of \
        isolation for each of 16 instances. CPU a call is that of everything but the client.
        """

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("gunicorn, WSGI", isReference: true) {
                let server = try bench.gunicorn()
                return try measure(server.url, on: bench) { server.processes }
            },
            Subject("godwit, Python") {
                let node = try bench.node(with: "bench-python")
                return try measure(node.url(of: "bench-python"), on: bench) { node.family }
            },
        ]
    }

    private func measure(
        _ url: String,
        on bench: Workbench,
        use: @escaping () -> ProcessFamily
    ) throws -> () throws -> Sample {
        let load = Load(url: url, connections: Self.connections, payload: Self.payload)
        _ = try bench.load(load, seconds: 1).checked(url)
        return {
            let before = use()
            let result = try bench.load(load).checked(url)
            let used = use().cpuMicroseconds(since: before)
            return [
                (.rate, result.rate), (.median, result.median), (.tail, result.tail),
                (.platformCPU, used / Double(result.requests)),
            ]
        }
    }
}
