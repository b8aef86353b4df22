/// gunicorn with two worker processes of sixteen threads, which run `Reference/echo_wsgi.py`.
final class Gunicorn {
    private let child: Child
    private let port: UInt16

    init(folder: String, log path: String) throws {
        guard let program = Command.path(of: "gunicorn") else {
            throw BenchError("gunicorn is not installed (apt-get install gunicorn)")
        }
        let port = try System.freePort()
        guard let log = System.create(path) else { throw BenchError("'\(path)' cannot be written: \(System.reason)") }
        defer { System.close(log) }
        self.child = try Child(
            [
                program, "--chdir", folder, "--workers", "2", "--worker-class", "gthread", "--threads", "16",
                "--keep-alive", "75", "--bind", "127.0.0.1:\(port)", "echo_wsgi:application",
            ],
            output: log,
            error: log
        )
        self.port = port
        try HTTPConnection.awaitEcho(of: "gunicorn", on: port, log: path)
    }

    var url: String { "http://127.0.0.1:\(port)/" }
    var processes: ProcessFamily { ProcessFamily(of: child.process) }
}
