/// Serves one call after another on the calling thread; starts no other.
struct SequentialRunner {
    let connection: Connection

    /// Serves until the node is done.
    func run(_ service: some SynchronousService) -> Closure {
        connection.sendReady()
        while let call = connection.nextCall() { service.serve(call) }
        return connection.closure ?? .ended
    }
}
