package import Domain

/// Which execution an idempotency key stands for on the whole continuum.
package struct IdempotencyClaim: Hashable, Sendable, Codable {
    package let function: FunctionName
    package let key: String
    /// SHA-256 over method, path, query and body, in hexadecimal: tells a repetition from a misused key.
    package let fingerprint: String
    package let execution: ExecutionID
    /// The node whose journal has the execution.
    package let home: NodeName
    package let time: Timestamp

    package init(
        function: FunctionName,
        key: String,
        fingerprint: String,
        execution: ExecutionID,
        home: NodeName,
        time: Timestamp
    ) {
        self.function = function
        self.key = key
        self.fingerprint = fingerprint
        self.execution = execution
        self.home = home
        self.time = time
    }
}
