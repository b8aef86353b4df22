import Executor
package import NIOCore

/// The event loops of a node: the one that calls live on, and others for connections.
///
/// The first connections are on the calls' loop, where a call needs no way between loops. Where there are many, the others
/// are spread over the other loops, which read requests, write answers and do the work of TLS; ``Seats`` tells who is where.
package final class ConnectionLoops: Sendable {
    /// The loop that calls live on.
    let calls: any EventLoop
    let others: [any EventLoop]
    private let desks: [ObjectIdentifier: NIOLoopBound<ConnectionDesk>]

    /// `makeIntake` is called once on each of the `others`.
    package init(
        bridge: CallBridge,
        others: [any EventLoop],
        makeIntake: @escaping @Sendable () -> Intake
    ) async throws {
        self.calls = bridge.eventLoop
        self.others = others
        let near = try await bridge.perform { service in
            let desk = ConnectionDesk(intake: service.intake, maker: service)
            return NIOLoopBound(desk, eventLoop: service.executor.eventLoop)
        }
        var desks = [ObjectIdentifier(bridge.eventLoop): near]
        for loop in others {
            desks[ObjectIdentifier(loop)] =
                try await loop.submit {
                    let desk = ConnectionDesk(intake: makeIntake(), maker: CallLine(from: loop, to: bridge))
                    return NIOLoopBound(desk, eventLoop: loop)
                }
                .get()
        }
        self.desks = desks
    }

    /// What connections of a loop make their calls with; only on that loop, and nil for loops that are not of this node.
    func desk(on eventLoop: any EventLoop) -> ConnectionDesk? { desks[ObjectIdentifier(eventLoop)]?.value }
}
