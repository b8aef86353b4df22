package import Domain
package import Fabric
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Telemetry

/// Works off the asynchronous calls of the journal: runs each, stores its end, tries failed ones again.
///
/// A call stays queued in the journal until its end is on disk, so that whatever happens to this process, it is run
/// again at the next start: at least once.
package final class AsyncDispatcher: Service {
    /// The wait before a call that found no room is offered again; it does not count as an attempt.
    private static let overloadWait = TimeSpan.milliseconds(250)
    /// How long a call waits for a node that can run it before such failures count as attempts.
    private static let longestWait = TimeSpan.hours(1)
    /// How often it is looked for what is due, at least, while there is something to do and while there is not.
    private static let round = TimeSpan.seconds(1), roundAtRest = TimeSpan.minutes(1)

    private struct State {
        var inFlight: Set<ExecutionID> = []
        var cancelled: Set<ExecutionID> = []
    }

    private let journal: any Journal
    private let bridge: CallBridge
    private let catalogue: Catalogue
    private let completions: CompletionHub
    private let settings: AsyncSettings
    private let answerLimit: Int
    private let clock: GatewayClock
    private let telemetry: GatewayTelemetry
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    /// Wakes whoever keeps the time of a dispatcher that was at rest.
    private let alarm = Alarm()
    private let onCallback: @Sendable () -> Void

    package init(
        journal: any Journal,
        bridge: CallBridge,
        catalogue: Catalogue,
        completions: CompletionHub,
        settings: AsyncSettings,
        answerLimit: ByteSize,
        clock: GatewayClock,
        telemetry: GatewayTelemetry,
        logger: Logger,
        onCallback: @escaping @Sendable () -> Void
    ) {
        self.journal = journal
        self.bridge = bridge
        self.catalogue = catalogue
        self.completions = completions
        self.settings = settings
        self.answerLimit = Int(answerLimit.bytes)
        self.clock = clock
        self.telemetry = telemetry
        self.logger = logger
        self.onCallback = onCallback
        (self.wakeUps, self.wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that a call was accepted or redriven, or that one may be due.
    func notify() {
        wake.yield()
        alarm.ring()
    }

    /// Says that a call ended in the journal without having been run: its callback may be due, and the backlog is another.
    func endedWithoutRun() {
        notify()
        onCallback()
    }

    /// Cancels a call that has been taken from the journal; false when it has not.
    func cancel(_ id: ExecutionID) async throws -> Bool {
        let isTaken = state.withLock { state in
            guard state.inFlight.contains(id) else { return false }
            state.cancelled.insert(id)
            return true
        }
        guard isTaken else { return false }
        _ = try await bridge.perform { $0.cancel(id) }
        return true
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepTime() }
            notify()
            await withGracefulShutdownHandler {
                for await _ in wakeUps { await takeDue(into: &group) }
            } onGracefulShutdown: {
                self.wake.finish()
            }
        }
    }

    /// Takes what is due as long as there is room for it.
    private func takeDue(into group: inout DiscardingTaskGroup) async {
        while !Task.isCancelled, !telemetry.isDraining {
            let (inFlight, room) = state.withLock { ($0.inFlight, settings.parallelism - $0.inFlight.count) }
            guard room > 0 else { return }
            let due: [AcceptedCall]
            do {
                due = try await journal.due(at: clock.now(), limit: room, excluding: inFlight)
            } catch {
                logger.error("the journal could not be read", metadata: ["error": "\(error)"])
                return
            }
            guard !due.isEmpty else { return }
            for call in due {
                state.withLock { _ = $0.inFlight.insert(call.record.id) }
                group.addTask { await self.perform(call) }
            }
        }
    }

    /// Wakes the dispatcher when a call's next attempt is due, and forgets old executions now and then.
    private func keepTime() async {
        var forgotten = clock.now()
        var goesOn = true
        while goesOn {
            wake.yield()
            let now = clock.now()
            if now.since(forgotten) >= Self.roundAtRest {
                await forgetOld()
                forgotten = now
            }
            if let wait = await untilNextRound(after: now) {
                goesOn = await Pause.sleep(for: wait.duration)
            } else {
                goesOn = await alarm.wait(for: Self.roundAtRest.duration)
            }
        }
    }

    /// How long it is until something may be due; nil when there is nothing to do.
    private func untilNextRound(after now: Timestamp) async -> TimeSpan? {
        do {
            let backlog = try await journal.backlog()
            telemetry.backlog(queued: backlog.queued, dead: backlog.dead)
            if let next = try await journal.nextDue(after: now) {
                return min(max(next.since(now), .milliseconds(10)), Self.round)
            }
            let isAtRest = backlog.queued == 0 && state.withLock { $0.inFlight.isEmpty }
            return isAtRest ? nil : Self.round
        } catch {
            return Self.round
        }
    }

    private func forgetOld() async {
        let limit = clock.now().advanced(by: TimeSpan(microseconds: -settings.retention.microseconds))
        do {
            let count = try await journal.forget(endedBefore: limit)
            if count > 0 { logger.debug("old executions were forgotten", metadata: ["count": "\(count)"]) }
        } catch {
            logger.warning("old executions could not be forgotten", metadata: ["error": "\(error)"])
        }
    }

    private func perform(_ call: AcceptedCall) async {
        let id = call.record.id
        let (record, answer) = await attempt(call)
        let isCancelled = state.withLock { $0.cancelled.contains(id) }
        // While the node shuts down, a call that was broken off stays queued and is run again at the next start.
        if record.failure?.kind != .draining {
            await settle(record, answer: answer, isCancelled: isCancelled, hasCallback: call.callbackURL != nil)
        }
        state.withLock { state in
            state.inFlight.remove(id)
            state.cancelled.remove(id)
        }
        notify()
    }

    /// Runs a call once.
    private func attempt(_ call: AcceptedCall) async -> (ExecutionRecord, CallAnswer?) {
        var record = call.record
        func failed(_ failure: CallFailure) -> (ExecutionRecord, CallAnswer?) {
            record.failure = failure
            record.finished = clock.now()
            record.state = failure.kind.finalState
            return (record, nil)
        }
        if state.withLock({ $0.cancelled.contains(record.id) }) {
            return failed(CallFailure(.cancelled, "the call was cancelled before it was started"))
        }
        guard let version = catalogue.function(record.function)?.version(record.version) else {
            let name = "\(record.function)@\(record.version)"
            return failed(CallFailure(.unplaceable, "\(name) was deleted before the call was run"))
        }
        let limit = answerLimit
        // Checked when the call was accepted; it holds for each attempt.
        let asked = try? Timeout.of(version.spec, asked: call.request.header(Timeout.header))
        let timeout = asked ?? version.spec.timeout
        let preference = try? Preference.of(call.request.header(Preference.header))
        return await withCheckedContinuation { continuation in
            bridge.execute { service in
                let plan = CallPlan(
                    id: call.record.id,
                    version: version,
                    request: call.request,
                    trace: service.intake.trace(continuing: call.traceparent),
                    deadline: .now() + .microseconds(timeout.microseconds),
                    accepted: call.record.accepted,
                    base: call.record,
                    tokenID: call.tokenID,
                    preference: preference
                )
                let delegate = CollectingDelegate(plan: plan, service: service, limit: limit) { record, answer in
                    continuation.resume(returning: (record, answer))
                }
                delegate.start(body: call.body)
            }
        }
    }

    /// Stores what came of an attempt: the end, or when to try again.
    private func settle(_ record: ExecutionRecord, answer: CallAnswer?, isCancelled: Bool, hasCallback: Bool) async {
        var record = record
        let hasAnswered = record.failure == nil && (answer?.status ?? 500) < 500
        if isCancelled {
            record.state = .cancelled
            record.failure = CallFailure(.cancelled, "the call was cancelled")
        } else if !hasAnswered {
            if let wait = await waitWithoutAttempt(record) {
                record.attempts = max(0, record.attempts - 1)
                await reschedule(record, after: wait)
                return
            }
            let draw = Double.random(in: 0..<1)
            let isRetryable = record.failure?.kind.isRetryable ?? true
            if isRetryable, let wait = settings.retry.wait(after: record.attempts, draw: draw) {
                telemetry.asyncRetried()
                await reschedule(record, after: wait)
                return
            }
            record.state = .dead
            telemetry.asyncDied()
        }
        record.nextAttempt = nil
        await finish(record, answer: isCancelled ? nil : answer)
        if hasCallback { onCallback() }
    }

    /// How long to wait with a call that no node began, which is no attempt at it; nil where it counts as one.
    ///
    /// Where there are other nodes, those that could run it may be away: it is offered again until it has waited for long.
    private func waitWithoutAttempt(_ record: ExecutionRecord) async -> TimeSpan? {
        guard let kind = record.failure?.kind else { return nil }
        if kind == .overloaded { return Self.overloadWait }
        guard [.nodeLost, .unplaceable, .expired].contains(kind), record.started == nil,
            catalogue.function(record.function)?.version(record.version) != nil,
            (try? await bridge.perform { $0.continuum.isMember }) == true
        else { return nil }
        let waited = clock.now().since(record.accepted)
        guard waited < Self.longestWait else { return nil }
        return TimeSpan(microseconds: min(250_000 + max(0, waited.microseconds) / 4, 5_000_000))
    }

    private func reschedule(_ record: ExecutionRecord, after wait: TimeSpan) async {
        var record = record
        record.state = .queued
        record.nextAttempt = clock.now().advanced(by: wait)
        do {
            try await journal.reschedule(record)
        } catch {
            logger.error("a failed attempt could not be stored", metadata: ["id": "\(record.id)", "error": "\(error)"])
        }
    }

    /// Stores the end.
    ///
    /// It must not be lost: while the disk refuses it, it is offered again, and the call counts as being worked on.
    private func finish(_ record: ExecutionRecord, answer: CallAnswer?) async {
        while true {
            do {
                try await journal.finish(record, answer: answer)
                completions.ended(record.id)
                if record.state == .succeeded { telemetry.asyncCompleted() }
                return
            } catch {
                logger.error("an end could not be stored", metadata: ["id": "\(record.id)", "error": "\(error)"])
                guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
