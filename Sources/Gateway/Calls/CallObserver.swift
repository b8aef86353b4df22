package import Domain
package import Executor

/// Brings what the executor tells to the metrics and the logs.
package struct CallObserver: ExecutorObserver {
    private let telemetry: GatewayTelemetry
    private let records: RecordKeeper

    package init(telemetry: GatewayTelemetry, records: RecordKeeper) {
        self.telemetry = telemetry
        self.records = records
    }

    package func instanceStarted(_ key: VersionKey, spawn: UInt64, initialise: UInt64) {
        telemetry.instanceStarted(key, spawn: spawn, initialise: initialise)
    }

    package func instanceEnded(_ key: VersionKey, failure: CallFailure?) {
        if let failure { telemetry.violated(key, kind: failure.kind) }
    }

    package func wrote(_ entry: LogEntry) { records.keep(entry) }

    package func requested(_ request: EgressRequest, by key: VersionKey) { telemetry.requested(request, by: key) }

    package func reported(_ metric: FunctionMetric, by key: VersionKey) { telemetry.reported(metric, by: key) }
}
