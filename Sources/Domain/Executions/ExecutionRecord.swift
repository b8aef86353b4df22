/// The record of one execution, from its acceptance to its end.
package struct ExecutionRecord: Hashable, Sendable, Codable {
    package let id: ExecutionID
    package let function: FunctionName
    package let version: VersionNumber
    /// Whether the caller waited for the answer.
    package let isAsync: Bool
    package var state: ExecutionState
    package let accepted: Timestamp
    package var started: Timestamp?
    package var finished: Timestamp?
    /// How often it was tried so far.
    package var attempts: Int
    /// When it is tried next, while it is queued after a failed attempt.
    package var nextAttempt: Timestamp?
    /// The status of the function's response.
    package var status: Int?
    package var failure: CallFailure?
    package var node: NodeName
    package var tier: Tier
    package var start: StartKind?
    package var phases: CallPhases
    package var use: ResourceUse
    package var requestBytes: UInt64
    package var responseBytes: UInt64
    /// W3C trace id, 32 hexadecimal digits.
    package var traceID: String?
    /// The last lines it wrote, bounded.
    package var logs: [LogEntry]
    /// What it did through the egress broker; nil when it did nothing.
    package var egress: EgressUse?

    package init(
        id: ExecutionID,
        function: FunctionName,
        version: VersionNumber,
        isAsync: Bool,
        state: ExecutionState,
        accepted: Timestamp,
        node: NodeName,
        tier: Tier
    ) {
        self.id = id
        self.function = function
        self.version = version
        self.isAsync = isAsync
        self.state = state
        self.accepted = accepted
        self.started = nil
        self.finished = nil
        self.attempts = 0
        self.nextAttempt = nil
        self.status = nil
        self.failure = nil
        self.node = node
        self.tier = tier
        self.start = nil
        self.phases = .init()
        self.use = .init()
        self.requestBytes = 0
        self.responseBytes = 0
        self.traceID = nil
        self.logs = []
        self.egress = nil
    }
}
