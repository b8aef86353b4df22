/// One line that a function wrote.
package struct LogEntry: Hashable, Sendable, Codable {
    package let time: Timestamp
    package let function: FunctionName
    package let version: VersionNumber
    /// The call it belongs to, where that is known.
    package let execution: ExecutionID?
    /// `stdout`, `stderr` or `log`.
    package let stream: String
    /// `trace` to `critical`.
    package let level: String
    package let message: String

    package init(
        time: Timestamp,
        function: FunctionName,
        version: VersionNumber,
        execution: ExecutionID?,
        stream: String,
        level: String,
        message: String
    ) {
        self.time = time
        self.function = function
        self.version = version
        self.execution = execution
        self.stream = stream
        self.level = level
        self.message = message
    }
}
