/// What `main()` does: finds out who started the process, and serves.
package enum Launcher {
    /// The descriptor of the socket to the node.
    private static let socket: Int32 = 3

    // MARK: - Serving

    /// Makes a `Function` and serves its calls in threads until the node is done.
    ///
    /// - Throws: what `initialise` threw.
    package static func serve<Handler: Function>(
        buffered handler: Handler.Type,
        on socket: Int32,
        in environment: InstanceEnvironment
    ) throws -> Closure {
        let began = ContinuousClock.now
        var function = handler.init()
        try function.initialise()
        return try serve(
            BufferedService(function: function),
            after: ContinuousClock.now - began,
            on: socket,
            in: environment
        )
    }

    /// Makes a `StreamingFunction` and serves its calls in threads until the node is done.
    ///
    /// - Throws: what `initialise` threw.
    package static func serve<Handler: StreamingFunction>(
        streaming handler: Handler.Type,
        on socket: Int32,
        in environment: InstanceEnvironment
    ) throws -> Closure {
        let began = ContinuousClock.now
        var function = handler.init()
        try function.initialise()
        return try serve(
            StreamingService(function: function),
            after: ContinuousClock.now - began,
            on: socket,
            in: environment
        )
    }

    /// Makes an `AsyncFunction` and serves its calls in tasks until the node is done.
    ///
    /// - Throws: what `initialise` threw, or a `SystemError`.
    package static func serve<Handler: AsyncFunction>(
        async handler: Handler.Type,
        on socket: Int32,
        in environment: InstanceEnvironment
    ) throws -> Closure {
        try TaskRunner.serve(Connection(socket, environment: environment, style: .parked)) {
            var function = handler.init()
            try await function.initialise()
            return AsyncService(function: function)
        }
    }

    /// Serves calls on this thread where they come one at a time, and otherwise each in a thread of its own.
    private static func serve(
        _ service: some SynchronousService,
        after initialising: Duration,
        on socket: Int32,
        in environment: InstanceEnvironment
    ) throws -> Closure {
        var initialising = initialising
        if environment.isZygote {
            try Zygote(control: socket).wait()
            initialising = .zero
        }
        guard environment.concurrency > 1 else {
            let connection = Connection(socket, environment: environment, style: .pumping, takesAhead: true)
            return SequentialRunner(connection: connection, initialising: initialising).run(service)
        }
        return ThreadedRunner(Connection(socket, environment: environment, style: .parked), service)
            .run(after: initialising)
    }

    // MARK: - The process

    /// Serves the node that started the process, or the author who did; never returns.
    static func run(_ serve: (Int32, InstanceEnvironment) throws -> Closure) -> Never {
        System.ignoreBrokenPipes()
        System.lineBufferStandardOutput()
        guard let environment = InstanceEnvironment.current() else { LocalRun.run(serve) }
        do {
            if environment.isStandby { try Standby(control: socket).wait() }
            let closure = try serve(socket, environment)
            if let complaint = closure.complaint { complain(complaint) }
            System.exit(closure.exitCode)
        } catch let obstacle as ZygoteObstacle {
            complain("its instances are started one by one, for after initialising \(obstacle)")
            System.exit(3)
        } catch {
            let error = FunctionError(describing: error)
            complain("the function could not be initialised: \(error.type): \(error.message)")
            System.exit(1)
        }
    }

    /// Tells something on standard error.
    static func complain(_ text: String) { try? System.write(2, Array("\(text)\n".utf8).span) }
}
