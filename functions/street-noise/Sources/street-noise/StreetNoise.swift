import FunctionKit
import NoiseMeter

/// Measures how loud a recording is.
@main struct StreetNoise: Function {
    func handle(_ request: Request, _ context: Context) throws -> Response {
        let calibration = try request.queryItem("calibration").map(Self.decibels)
        do {
            let report = NoiseReport(try WaveFile(request.body), calibration: calibration)
            context.metrics.record("recording_seconds", report.duration)
            return .json(report.json)
        } catch {
            throw FunctionError("NotAWaveFile", error.description, status: 400)
        }
    }

    private static func decibels(_ text: String) throws -> Double {
        guard let value = Double(text), (-200...200).contains(value) else {
            throw FunctionError("BadCalibration", "calibration is a number of decibels, not '\(text)'", status: 400)
        }
        return value
    }
}
