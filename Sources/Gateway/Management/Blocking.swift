import NIOPosix

/// The way from tasks to threads that may block.
enum Blocking {
    /// Runs `body` on a thread that may block, and returns what it gave.
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
