/// Everything that a run has made and started; each thing is made when a case first needs it.
final class Workbench {
    let settings: Settings
    /// The folder that is thrown away at the end.
    let folder: String
    private var compiled: [String: String] = [:]
    private var deployed: Set<String> = []
    private var startedProxy: Result<Proxy, BenchError>?
    private var startedNode: Result<Node, BenchError>?
    private var startedGunicorn: Result<Gunicorn, BenchError>?
    private var startedEncryptedNode: Result<Node, BenchError>?
    private var startedPair: Result<NodePair, BenchError>?

    init(settings: Settings, work: String) throws(BenchError) {
        guard let folder = System.makeTemporaryFolder(in: work) else {
            throw BenchError("no folder can be made in '\(work)': \(System.reason)")
        }
        self.settings = settings
        self.folder = folder
    }

    /// Stops everything, and removes the folder.
    func close() {
        startedProxy = nil
        startedGunicorn = nil
        if case .success(let node) = startedEncryptedNode, !node.stop() {
            Console.note("the node with TLS had to be killed")
        }
        startedEncryptedNode = nil
        if case .success(let node) = startedNode, !node.stop() { Console.note("the node had to be killed") }
        startedNode = nil
        if case .success(let pair) = startedPair, !pair.stop() { Console.note("a node of the pair had to be killed") }
        startedPair = nil
        // Not a Command: that one would not start after Ctrl-C.
        guard var removal = try? Child(["rm", "-rf", folder]) else { return }
        while removal.exitCode() == nil { System.pause() }
    }

    /// Runs cases one after another.
    func run(_ cases: [any Benchmark]) throws -> Report {
        var report = Report(
            date: System.date,
            rounds: settings.rounds,
            seconds: settings.seconds,
            machine: .describe(work: folder),
            tools: try .describe(godwit: settings.godwit)
        )
        for benchmark in cases {
            Console.note("\(benchmark.name): \(benchmark.title)")
            report.cases.append(try CaseRun(benchmark, on: self).run())
        }
        report.machine.loadAtEnd = Machine.load
        return report
    }

    // MARK: - What cases need

    /// The text of a file in `Reference`.
    func reference(_ name: String) throws(BenchError) -> String {
        let path = "\(settings.benchmarks)/Reference/\(name)"
        guard let text = System.text(of: path) else { throw BenchError("'\(path)' cannot be read") }
        return text
    }

    /// Compiles a C program of `Reference`, once.
    func compiled(_ name: String) throws -> String {
        if let program = compiled[name] { return program }
        guard let compiler = Command.path(of: "cc") else { throw BenchError("there is no C compiler") }
        let program = "\(folder)/\(name)"
        let source = "\(settings.benchmarks)/Reference/\(name).c"
        try Command(compiler, "-std=c17", "-O2", "-Wall", "-Wextra", "-static", "-o", program, source).run()
        compiled[name] = program
        return program
    }

    /// nginx in front of a plain process.
    func proxy() throws -> Proxy {
        try started(&startedProxy) {
            try Proxy(
                echoServer: try compiled("echo-server"),
                configuration: try reference("nginx.conf"),
                folder: "\(folder)/nginx"
            )
        }
    }

    /// The node.
    func node() throws -> Node {
        try started(&startedNode) {
            try Node(program: settings.godwit, data: "\(folder)/data", log: "\(folder)/node.log")
        }
    }

    /// The node, with a function of `functions` on it.
    func node(with function: String) throws -> Node {
        let node = try node()
        guard deployed.insert(function).inserted else { return node }
        Console.note("deploying \(function)")
        try node.deploy("\(settings.benchmarks)/functions/\(function)")
        return node
    }

    /// A Python server without a platform.
    func gunicorn() throws -> Gunicorn {
        try started(&startedGunicorn) {
            try Gunicorn(folder: "\(settings.benchmarks)/Reference", log: "\(folder)/gunicorn.log")
        }
    }

    /// A node that speaks TLS, with a function of `functions` on it.
    func encryptedNode(with function: String) throws -> Node {
        let node = try started(&startedEncryptedNode) {
            try Node(
                program: settings.godwit,
                data: "\(folder)/encrypted",
                log: "\(folder)/encrypted.log",
                options: ["--tls", "--name", "bench-tls"]
            )
        }
        guard deployed.insert("encrypted/\(function)").inserted else { return node }
        Console.note("deploying \(function)")
        try node.deploy("\(settings.benchmarks)/functions/\(function)")
        return node
    }

    /// Two nodes of one continuum, with a function of `functions` on them.
    func pair(with function: String) throws -> NodePair {
        let pair = try started(&startedPair) {
            try NodePair(program: settings.godwit, folder: "\(folder)/pair")
        }
        guard deployed.insert("pair/\(function)").inserted else { return pair }
        Console.note("deploying \(function)")
        try pair.cloud.deploy("\(settings.benchmarks)/functions/\(function)")
        return pair
    }

    /// A program of the root package that was built beside godwit.
    func built(_ name: String) throws(BenchError) -> String {
        let folder = settings.godwit.lastIndex(of: "/").map { settings.godwit[..<$0] } ?? "."
        let program = "\(folder)/\(name)"
        guard System.isExecutable(program) else {
            throw BenchError("there is no \(program): swift build -c release --product \(name)")
        }
        return program
    }

    /// Makes load on a URL, for the time of a round unless told otherwise.
    func load(_ load: Load, seconds: Int? = nil) throws -> LoadResult {
        try load.run(script: "\(settings.benchmarks)/Reference/load.lua", seconds: seconds ?? settings.seconds)
    }

    /// Warms a URL up, and gives what is measured of it in a round; the processor time of a call is that of `processes`.
    func rounds(of load: Load, by processes: @escaping () -> ProcessFamily) throws -> () throws -> Sample {
        _ = try self.load(load, seconds: 1).checked(load.url)
        return {
            let before = processes()
            let result = try self.load(load).checked(load.url)
            let used = processes().cpuMicroseconds(since: before)
            return [
                (.rate, result.rate), (.median, result.median), (.tail, result.tail),
                (.platformCPU, used / Double(result.requests)),
            ]
        }
    }

    /// Begins to make load that nobody measures.
    func begin(_ load: Load, seconds: Int) throws -> Child {
        try Child(try load.arguments(script: "\(settings.benchmarks)/Reference/load.lua", seconds: seconds))
    }

    /// Starts a thing once, and remembers too when that was not possible.
    private func started<Thing>(_ slot: inout Result<Thing, BenchError>?, _ start: () throws -> Thing) throws -> Thing {
        if let result = slot { return try result.get() }
        do {
            let thing = try start()
            slot = .success(thing)
            return thing
        } catch let error as BenchError {
            slot = .failure(error)
            throw error
        }
    }
}
