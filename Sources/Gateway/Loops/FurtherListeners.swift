import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix

/// Accepts connections on the other loops, from the very socket that the first listener has bound.
struct FurtherListeners: Sendable {
    /// Connections that may wait to be accepted.
    static let backlog = 1024

    let loops: ConnectionLoops
    let seats: Seats
    let logger: Logger

    /// Listens beside `first` from now on until that is closed; each of what it returns is to be run, and ends with the last
    /// connection of its loop.
    func listen(beside first: any Channel, _ child: some ServerChildChannel) async -> [@Sendable () async -> Void] {
        var servers: [@Sendable () async -> Void] = []
        for loop in loops.others {
            do {
                let server = try await listen(on: loop, beside: first, child)
                servers.append { await serve(server, beside: first, child) }
            } catch {
                // The first listener is there for all that the others do not take.
                guard first.isActive else { break }
                logger.error("connections are on fewer loops", metadata: ["reason": "\(error)"])
            }
        }
        return servers
    }

    private func listen<Child: ServerChildChannel>(
        on loop: any EventLoop,
        beside first: any Channel,
        _ child: Child
    ) async throws -> NIOAsyncChannel<Child.Value, Never> {
        let socket = try await first.eventLoop.submit { try Self.duplicate(first) }.get()
        let quiescing = ServerQuiescingHelper(group: loop)
        let server = try await ServerBootstrap(group: loop)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = quiescing.makeServerChannelHandler(channel: channel)
                    try channel.pipeline.syncOperations.addHandlers([SeatHandler(seats), collector])
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(socket) { child.setup(channel: $0, logger: logger) }
        // Taking the socket over has made the queue of those who wait to be accepted shorter.
        do {
            try System.setBacklog(of: socket, to: Self.backlog)
        } catch {
            logger.warning("fewer connections may wait to be accepted", metadata: ["reason": "\(error)"])
        }
        first.closeFuture.whenComplete { _ in quiescing.initiateShutdown(promise: nil) }
        seats.add(listener: server.channel)
        return server
    }

    private func serve<Child: ServerChildChannel>(
        _ server: NIOAsyncChannel<Child.Value, Never>,
        beside first: any Channel,
        _ child: Child
    ) async {
        do {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await child.handle(value: connection, logger: logger) }
                    }
                    if first.isActive { logger.error("no more connections are accepted on one of the loops") }
                }
            }
        } catch {
            logger.error("no more connections are accepted on one of the loops", metadata: ["reason": "\(error)"])
        }
    }

    /// Another descriptor of the socket that a channel listens on.
    private static func duplicate(_ channel: any Channel) throws -> NIOBSDSocket.Handle {
        let copy = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable { try System.duplicate($0) }
        guard let copy else { throw ChannelError.operationUnsupported }
        return copy
    }
}
