package import NIOCore

/// The way from tasks to the event loop that calls live on.
package struct CallBridge: Sendable {
    package let eventLoop: any EventLoop
    private let service: NIOLoopBound<CallService>

    /// Made on the event loop.
    package init(_ service: CallService, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.service = NIOLoopBound(service, eventLoop: eventLoop)
    }

    /// Does something with the call service on its loop, and returns what it gave.
    package func perform<T: Sendable>(_ body: @escaping @Sendable (CallService) -> T) async throws -> T {
        try await eventLoop.submit { body(service.value) }.get()
    }

    /// Does something with the call service on its loop, without waiting.
    package func execute(_ body: @escaping @Sendable (CallService) -> Void) {
        eventLoop.execute { body(service.value) }
    }

    /// Hands the call service to code that runs on its loop already.
    func withService<T>(_ body: (CallService) throws -> T) rethrows -> T { try body(service.value) }
}
