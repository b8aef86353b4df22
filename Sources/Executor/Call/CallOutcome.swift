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
    /// Whether the function was handed the request.
    package var wasStarted: Bool
}
