/// The process that starts the egress broker, again and again, with what privileges the node had at its start.
package final class EgressKeeper: Sendable {
    private let socket: Int32
    private let pid: Int32

    /// Starts it; call it before privileges are given up, as the spawner.
    package init(_ configuration: EgressConfiguration) throws(SpawnerError) {
        let program = try configuration.resolvedProgram()
        do {
            let ends = try System.packetPair()
            pid = try System.startSpawner(path: program, arguments: configuration.arguments, socket: ends.far.raw)
            socket = ends.near.release()
        } catch {
            throw .system(error.description)
        }
    }

    /// Lets it start a broker in the place of the one there was; returns our end of the new one's socket.
    func makeBroker() throws(SpawnerError) -> Int32 {
        do {
            let ends = try System.streamPair()
            try System.send(descriptor: ends.far.raw, with: [1], over: socket)
            return ends.near.release()
        } catch {
            throw .system(error.description)
        }
    }

    /// Ends it and its broker; returns when they have ended, or after two seconds.
    package func stop() {
        // It takes the end of the socket as the node's end.
        System.shutDown(socket)
        if !System.awaitExit(of: pid, milliseconds: 2000) {
            System.kill(process: pid)
            _ = System.awaitExit(of: pid, milliseconds: 500)
        }
    }
}
