/// Warm calls of a Python handler, beside the same handler behind gunicorn, without any isolation.
struct PythonCall: Benchmark {
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
                return try bench.rounds(of: load(server.url)) { server.processes }
            },
            Subject("godwit, Python") {
                let node = try bench.node(with: "bench-python")
                return try bench.rounds(of: load(node.url(of: "bench-python"))) { node.family }
            },
        ]
    }

    private func load(_ url: String) -> Load { Load(url: url, connections: 32, payload: 64) }
}
