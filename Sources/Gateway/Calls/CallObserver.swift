package import Domain
package import Executor
import Telemetry

/// Brings what the executor tells to the metrics, the logs and the quarantine.
package struct CallObserver: ExecutorObserver {
    private let telemetry: GatewayTelemetry
    private let records: RecordKeeper
    private let quarantine: Quarantine
    private let clock: GatewayClock

    package init(
        telemetry: GatewayTelemetry,
        records: RecordKeeper,
        quarantine: Quarantine,
        clock: GatewayClock
    ) {
        self.telemetry = telemetry
        self.records = records
        self.quarantine = quarantine
        self.clock = clock
    }

    package func instanceStarted(_ key: VersionKey, _ phases: CallPhases) { telemetry.instanceStarted(key, phases) }

    package func instancePrewarmed(_ key: VersionKey) { telemetry.instancePrewarmed(key) }

    package func instanceForked(_ key: VersionKey) { telemetry.instanceForked(key) }

    package func callsLinedUp(_ count: Int, takenBack: Int, of key: VersionKey) {
        telemetry.callsLinedUp(count, takenBack: takenBack, of: key)
    }

    package func instanceEnded(_ key: VersionKey, failure: CallFailure?) {
        guard let failure else { return }
        telemetry.violated(key, kind: failure.kind)
        quarantine.ended(key, because: failure, at: clock.now(), now: Monotonic.now())
    }

    package func wrote(_ entry: LogEntry) { records.keep(entry) }

    package func outputDropped(_ bytes: Int, of key: VersionKey) { telemetry.outputDropped(bytes, of: key) }

    package func requested(_ request: EgressRequest, by key: VersionKey) { telemetry.requested(request, by: key) }

    package func reported(_ metric: FunctionMetric, by key: VersionKey) { telemetry.reported(metric, by: key) }
}
