import Domain

/// An execution for people.
enum ExecutionText {
    /// The record as names and values.
    static func lines(_ record: ExecutionRecord) -> [String] {
        let phases = record.phases
        let parts = [
            ("queue", phases.queue), ("spawn", phases.spawn - min(phases.exec, phases.spawn)), ("exec", phases.exec),
            ("runtime", phases.initialise - min(phases.function, phases.initialise)), ("function", phases.function),
            ("run", phases.run),
        ]
        let times = parts.filter { $0.1 > 0 }.map { "\($0.0) \(Human.duration(nanoseconds: $0.1))" }
        let use = record.use
        return Facts.lines([
            ("id", record.id.text),
            ("function", "\(record.function):\(record.version)"),
            ("state", record.state.rawValue),
            ("failure", record.failure.map { "\($0.errorType ?? $0.kind.rawValue): \($0.message)" }),
            ("status", record.status.map(String.init)),
            ("kind", record.isAsync ? "asynchronous" : "synchronous"),
            ("accepted", Human.time(record.accepted)),
            ("started", record.started.map(Human.time)),
            ("finished", record.finished.map(Human.time)),
            ("attempts", "\(record.attempts)"),
            ("next attempt", record.nextAttempt.map(Human.time)),
            ("node", "\(record.node) (\(record.tier))"),
            ("start", record.start?.rawValue),
            (
                "time",
                times.isEmpty ? nil : "\(Human.duration(nanoseconds: phases.total)): \(times.joined(separator: ", "))"
            ),
            ("cpu", use.cpuNanoseconds > 0 ? Human.duration(nanoseconds: use.cpuNanoseconds) : nil),
            ("memory", use.memoryPeakBytes > 0 ? Human.bytes(use.memoryPeakBytes) : nil),
            ("energy", use.joules > 0 ? "\(Human.joules(use.joules)) (\(use.energyMethod))" : nil),
            ("bytes", "\(record.requestBytes) in, \(record.responseBytes) out"),
            ("trace", record.traceID),
        ])
    }
}
