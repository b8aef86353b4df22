import FunctionKit
import FunctionKitCodable
import Watching

/// Finds what is odd in a batch of sensor readings.
@main struct SensorWatch: CodableFunction {
    func handle(_ input: Batch, _ context: Context) throws -> Findings {
        guard let watch = Watch(threshold: input.threshold, gapFactor: input.gapFactor, stuckCount: input.stuckCount)
        else {
            throw FunctionError("BadLimits", "threshold, gapFactor > 1 and stuckCount > 1 are positive", status: 400)
        }
        let findings = Findings(sensors: watch.examine(input.readings))
        context.metrics.counter("readings", add: Double(input.readings.count))
        context.metrics.counter("anomalies", add: Double(findings.sensors.reduce(0) { $0 + $1.anomalies.count }))
        return findings
    }
}
