/// Serves one call after another on the calling thread; starts no other.
struct SequentialRunner {
    let connection: Connection
    /// How long it took to initialise the function.
    let initialising: Duration

    /// Serves until the node is done.
    func run(_ service: some SynchronousService) -> Closure {
        connection.sendReady(after: initialising)
        while let call = connection.nextCall() { service.serve(call) }
        return connection.closure ?? .ended
    }
}
