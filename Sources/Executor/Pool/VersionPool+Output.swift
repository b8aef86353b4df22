import Domain
import NIOCore

/// What the processes of the version write as logs.
extension VersionPool {
    /// Lines that were dropped are told of at most this often.
    private static let reportInterval = TimeAmount.seconds(1)

    /// Whether so many bytes of logs are kept: who floods the log must not keep the node busy with it.
    func keepsOutput(_ bytes: Int) -> Bool {
        if allowance.takes(bytes, at: System.monotonicNanoseconds()) { return true }
        reportDroppedSoon()
        return false
    }

    /// Whether a line is kept that is among what is.
    func keepsLine(_ line: String) -> Bool {
        if allowance.takesLine(line.utf8.count) { return true }
        reportDroppedSoon()
        return false
    }

    private func reportDroppedSoon() {
        guard dropTimer == nil else { return }
        dropTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.reportInterval) { [self] in
            reportDropped()
        }
    }

    /// Tells what was dropped since that was told last.
    func reportDropped() {
        dropTimer?.cancel()
        dropTimer = nil
        let dropped = allowance.takeDropped()
        guard dropped > 0 else { return }
        observer.outputDropped(dropped, of: key)
        let rate = executor.limits.logRate
        log(
            "\(dropped) bytes of logs were dropped: on this node a version may write \(rate) a second, and "
                + "\(OutputAllowance.burstSeconds) times that at once",
            stream: "platform",
            level: "warning"
        )
    }

    /// Writes a line about the version that belongs to no call.
    func log(_ message: String, stream: String, level: String) {
        observer.wrote(
            LogEntry(
                time: now(),
                function: key.function,
                version: key.version,
                execution: nil,
                stream: stream,
                level: level,
                message: message
            )
        )
    }
}
