/// Runs a function by hand: this process plays the node as well, in two threads of its own.
enum LocalRun {
    /// Serves one request from standard input; never returns.
    static func run(_ serve: (Int32, InstanceEnvironment) throws -> Closure) -> Never {
        let program = CommandLine.arguments.first ?? "function"
        let options = LocalOptions(CommandLine.arguments.dropFirst())
        switch options.request {
        case .help:
            try? System.write(1, Array(LocalOptions.help(program).utf8).span)
            System.exit(0)
        case .mistake(let text):
            Launcher.complain("\(text); --help tells what there is")
            System.exit(64)
        case .call: break
        }
        if System.isTerminal(0) {
            Launcher.complain("reading the request's body from the terminal; end it with control-D (--help tells more)")
        }
        do {
            let (near, far) = try System.streamPair()
            let name = String(program.split(separator: "/").last ?? "function")
            let node = try LocalNode(near, options: options)
            try node.start()
            let closure = try serve(far, InstanceEnvironment(function: name))
            if let complaint = closure.complaint { Launcher.complain(complaint) }
            System.exit(closure == .ended ? node.exitCode : closure.exitCode)
        } catch {
            let error = FunctionError(describing: error)
            Launcher.complain("\(error.type): \(error.message)")
            System.exit(2)
        }
    }
}
