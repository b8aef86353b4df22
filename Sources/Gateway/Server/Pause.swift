import ServiceLifecycle

/// Waiting in services that end with the node.
package enum Pause {
    /// Sleeps for `span`; false, and at once, when shutdown begins or the task is cancelled.
    package static func sleep(for span: Duration) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: span) }
        } catch {
            return false
        }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }
}
