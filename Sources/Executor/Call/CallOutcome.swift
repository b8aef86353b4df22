package import Domain

/// How a call ended and what it took.
package struct CallOutcome: Sendable {
    /// The status of the function's answer, once it gave one.
    package var status: Int?
    /// Why it failed; nil when the function answered to the end.
    package var failure: CallFailure?
    package var start: StartKind?
    package var phases: CallPhases
    package var cpuNanoseconds: UInt64
    package var memoryPeakBytes: UInt64
    package var requestBytes: UInt64
    package var responseBytes: UInt64
    /// The last lines it wrote, oldest first.
    package var logs: [LogEntry]
    /// What it did through the egress broker.
    package var egress: EgressUse
    /// Whether the function was handed the request.
    package var wasStarted: Bool

    package init(
        status: Int? = nil,
        failure: CallFailure? = nil,
        start: StartKind? = nil,
        phases: CallPhases = CallPhases(),
        cpuNanoseconds: UInt64 = 0,
        memoryPeakBytes: UInt64 = 0,
        requestBytes: UInt64 = 0,
        responseBytes: UInt64 = 0,
        logs: [LogEntry] = [],
        egress: EgressUse = EgressUse(),
        wasStarted: Bool = false
    ) {
        self.status = status
        self.failure = failure
        self.start = start
        self.phases = phases
        self.cpuNanoseconds = cpuNanoseconds
        self.memoryPeakBytes = memoryPeakBytes
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.logs = logs
        self.egress = egress
        self.wasStarted = wasStarted
    }
}
