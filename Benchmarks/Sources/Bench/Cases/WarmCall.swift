/// Calls of functions that run already, over kept connections, beside nginx proxying to a plain process.
struct WarmCall: Benchmark {
    let connections: Int
    /// Bytes of the request's body and of the answer's.
    let payload: Int
    /// Whether every call has a connection of its own.
    var isClosing = false

    private static let swift = "godwit, Swift"

    var name: String {
        "\(isClosing ? "new" : "warm")-\(connections)" + (payload == 64 ? "" : "-\(size.filter { $0 != " " })")
    }

    var title: String {
        "warm calls, \(connections) connection\(connections == 1 ? "" : "s")\(isClosing ? ", a new one each" : ""), \(size)"
    }

    private var size: String {
        payload < 1024 ? "\(payload) B" : payload < 1 << 20 ? "\(payload >> 10) KiB" : "\(payload >> 20) MiB"
    }

    var explanation: String {
        """
        POST of \(size) which come back, HTTP/1.1, \(isClosing ? "a connection for each call" : "kept connections"), wrk \
        with one thread. Godwit with every \
        layer of isolation that this machine gives and the defaults of function.yaml; nginx with one worker and kept \
        upstream connections, over TCP, to one C process that does nothing else. CPU a call is that of node and \
        spawner, or of nginx; the functions' and the plain process's own is apart.
        """
    }

    var goals: [Goal] {
        switch payload == 64 && !isClosing ? connections : 0 {
        case 1: [Goal(Self.swift, .median, .ratio, bar: 1.6, aim: 1.2)]
        case 32:
            [
                Goal(Self.swift, .rate, .ratio, bar: 0.55, aim: 0.8),
                // The whole call, so an upper bound of what the platform adds to it.
                Goal(Self.swift, .tail, .value, bar: 5000, aim: 2000),
            ]
        default: []
        }
    }

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject("nginx, plain process", isReference: true) {
                let proxy = try bench.proxy()
                return try measure(proxy.url, on: bench) { (proxy.proxyProcesses, proxy.plainProcess) }
            },
            godwit(Self.swift, function: "bench-echo", on: bench),
            godwit("godwit, Python", function: "bench-python", on: bench),
        ]
    }

    private func godwit(_ name: String, function: String, on bench: Workbench) -> Subject {
        Subject(name) {
            let node = try bench.node(with: function)
            return try measure(node.url(of: function), on: bench) {
                let family = node.family
                return (Node.platform(family), Node.functions(family))
            }
        }
    }

    /// Warms up, and gives what is measured in a round.
    private func measure(
        _ url: String,
        on bench: Workbench,
        use: @escaping () -> (platform: ProcessFamily, function: ProcessFamily)
    ) throws -> () throws -> Sample {
        let load = Load(url: url, connections: connections, payload: payload, isClosing: isClosing)
        _ = try bench.load(load, seconds: 1).checked(url)
        return {
            let before = use()
            let result = try bench.load(load).checked(url)
            let after = use()
            let calls = Double(result.requests)
            return [
                (.rate, result.rate), (.median, result.median), (.tail, result.tail),
                (.platformCPU, after.platform.cpuMicroseconds(since: before.platform) / calls),
                (.functionCPU, after.function.cpuMicroseconds(since: before.function) / calls),
            ]
        }
    }
}
