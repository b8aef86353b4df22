package import Domain

/// How a call that was placed went.
package struct Observation: Sendable {
    /// Why it was placed where it was.
    package let decision: Decision
    /// Where it ran, which after further attempts may be another node than the decision's.
    package let node: NodeName
    /// From the decision to the end, as the deciding node saw it.
    package let totalMilliseconds: Double
    /// Waiting for an instance, its start not counted.
    package let queueMilliseconds: Double
    /// Starting an instance, its initialisation with it; 0 for a warm start.
    package let coldMilliseconds: Double
    /// Running.
    package let executionMilliseconds: Double
    /// CPU time; 0 where it is not known.
    package let cpuMilliseconds: Double
    /// Energy; 0 where it is not known.
    package let joules: Double
    /// Bytes of the request's body.
    package let requestBytes: UInt64
    /// Bytes of the response's body.
    package let responseBytes: UInt64
    /// Whether it found an instance; nil where that is not known.
    package let start: StartKind?
    /// Whether the node lost the call; a function's own errors are none.
    package let isFailure: Bool
    /// Whether an instance had begun to run it.
    package let wasStarted: Bool
    /// When it ended, in nanoseconds of the clock of the question.
    package let now: UInt64

    /// What was seen of a call.
    package init(
        decision: Decision,
        node: NodeName,
        totalMilliseconds: Double,
        queueMilliseconds: Double = 0,
        coldMilliseconds: Double = 0,
        executionMilliseconds: Double,
        cpuMilliseconds: Double = 0,
        joules: Double = 0,
        requestBytes: UInt64 = 0,
        responseBytes: UInt64 = 0,
        start: StartKind? = .warm,
        isFailure: Bool = false,
        wasStarted: Bool = true,
        now: UInt64
    ) {
        self.decision = decision
        self.node = node
        self.totalMilliseconds = totalMilliseconds
        self.queueMilliseconds = queueMilliseconds
        self.coldMilliseconds = coldMilliseconds
        self.executionMilliseconds = executionMilliseconds
        self.cpuMilliseconds = cpuMilliseconds
        self.joules = joules
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.start = start
        self.isFailure = isFailure
        self.wasStarted = wasStarted
        self.now = now
    }
}
