/// The plain process: `Reference/echo-server.c`.
struct EchoServer: ~Copyable {
    let child: Child
    let port: UInt16

    init(program: String) throws {
        let (read, write) = try System.makePipe()
        let end = Descriptor(read)
        defer { System.close(write) }
        let child = try Child([program], output: write)
        guard System.isReadable(end.number, within: 5000), let line = System.read(end.number),
            let port = UInt16(String(decoding: line, as: UTF8.self).prefix { $0.isNumber })
        else { throw BenchError("the echo server did not start") }
        self.child = consume child
        self.port = port
    }
}
