/// nginx in front of the plain process.
final class Proxy {
    private let upstream: EchoServer
    private let nginx: Child
    private let port: UInt16

    /// Starts both; `configuration` is the text of `Reference/nginx.conf`.
    init(echoServer: String, configuration: String, folder: String) throws {
        guard let program = Command.path(of: "nginx") else {
            throw BenchError("nginx is not installed (apt-get install nginx-light)")
        }
        let upstream = try EchoServer(program: echoServer)
        let port = try System.freePort()
        let filled = Template.fill(
            configuration,
            ["folder": folder, "upstream": "\(upstream.port)", "port": "\(port)"]
        )
        guard System.makeFolder(folder), System.write(filled, to: "\(folder)/nginx.conf"),
            let log = System.create("\(folder)/nginx.log")
        else { throw BenchError("'\(folder)' cannot be written: \(System.reason)") }
        defer { System.close(log) }
        self.nginx = try Child(
            [program, "-p", folder, "-e", "stderr", "-c", "\(folder)/nginx.conf"],
            output: log,
            error: log
        )
        self.upstream = upstream
        self.port = port
        try HTTPConnection.awaitEcho(of: "nginx", on: port, log: "\(folder)/nginx.log")
    }

    var url: String { "http://127.0.0.1:\(port)/" }

    /// nginx's own processes.
    var proxyProcesses: ProcessFamily { ProcessFamily(of: nginx.process) }
    /// The process behind it.
    var plainProcess: ProcessFamily { ProcessFamily(of: upstream.child.process) }
}
