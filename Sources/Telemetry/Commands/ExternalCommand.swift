/// A program of the operator's that tells a number: an absolute path and arguments, run without a shell.
///
/// It gets `PATH` and `LC_ALL=C` as its only environment, an empty standard input, and nothing of the node's.
package struct ExternalCommand: Hashable, Sendable {
    /// The longest that it may run, in nanoseconds: 2 s.
    package static let timeLimit: UInt64 = 2_000_000_000
    /// The most that it may write, in bytes: 4 KiB.
    package static let outputLimit = 4096

    private static let environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]

    /// The program.
    package let path: String
    /// What follows its name.
    package let arguments: [String]

    /// Makes a command; whether there is such a program shows when it is run.
    package init(path: String, arguments: [String] = []) throws(InvalidCommand) {
        guard path.hasPrefix("/") else {
            throw InvalidCommand(
                description: "the program must be given by its absolute path, like /usr/local/bin/meter"
            )
        }
        guard !([path] + arguments).contains(where: { $0.utf8.contains(0) }) else {
            throw InvalidCommand(description: "a word has a zero byte in it")
        }
        guard arguments.count <= 64, arguments.allSatisfy({ $0.utf8.count <= 4096 }) else {
            throw InvalidCommand(description: "there may be 64 arguments of 4096 bytes each")
        }
        self.path = path
        self.arguments = arguments
    }

    /// Runs the program and gives what it wrote; blocks for at most the time limit, so it is for threads of our own.
    package func run(
        timeLimit: UInt64 = Self.timeLimit,
        outputLimit: Int = Self.outputLimit
    ) throws(CommandFailure) -> String {
        let result: ChildResult
        switch System.run([path] + arguments, environment: Self.environment, limit: outputLimit, within: timeLimit) {
        case .failure(let errno): throw .notStarted(path: path, errno: errno.code)
        case .success(let child): result = child
        }
        switch result.end {
        case .exited(0): return String(decoding: result.output, as: UTF8.self)
        case .exited(let code): throw .exited(path: path, code: code)
        case .signalled(let signal): throw .signalled(path: path, signal: signal)
        case .overtime: throw .timedOut(path: path, nanoseconds: timeLimit)
        case .overflow: throw .wroteTooMuch(path: path, limit: outputLimit)
        case .unknown: throw .lost(path: path)
        }
    }

    /// Runs the program and reads the one quantity that it wrote.
    func quantity(units: [String], example: String) throws(CommandFailure) -> Double {
        let text = try run()
        guard let value = QuantityText.parse(text, units: units) else {
            let shown = PlainText.escaped(String(text.prefix(80)))
            throw .notUnderstood(path: path, text: shown, example: example)
        }
        return value
    }
}
