import FunctionKit

/// Lets a test wait for what blocks without holding up the few threads that all tests share.
enum OwnThread {
    /// Runs `body` on a thread made for it.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try System.startThread { continuation.resume(with: Swift.Result(catching: body)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
