/// What `main()` does: finds out who started the process, and serves.
enum Launcher {
    /// The descriptor of the socket to the node.
    private static let socket: Int32 = 3

    /// Serves calls in threads; never returns.
    static func runSynchronous(_ make: () throws -> some SynchronousService) -> Never {
        run { socket, environment in
            let service = try make()
            guard environment.concurrency > 1 else {
                return SequentialRunner(connection: Connection(socket, environment: environment, style: .pumping))
                    .run(service)
            }
            let connection = Connection(socket, environment: environment, style: .parked)
            return ThreadedRunner(connection, service).run()
        }
    }

    /// Serves calls in tasks; never returns.
    static func runAsynchronous(_ make: @escaping @Sendable () async throws -> some AsynchronousService) -> Never {
        run { socket, environment in
            try TaskRunner(Connection(socket, environment: environment, style: .parked)).run(make)
        }
    }

    private static func run(_ serve: (Int32, InstanceEnvironment) throws -> Closure) -> Never {
        System.ignoreBrokenPipes()
        System.lineBufferStandardOutput()
        guard let environment = InstanceEnvironment.current() else { LocalRun.run(serve) }
        do {
            let closure = try serve(socket, environment)
            if let complaint = closure.complaint { complain(complaint) }
            System.exit(closure.exitCode)
        } catch {
            let error = FunctionError(describing: error)
            complain("the function could not be initialised: \(error.type): \(error.message)")
            System.exit(1)
        }
    }

    /// Tells something on standard error.
    static func complain(_ text: String) { try? System.write(2, Array("\(text)\n".utf8).span) }
}
