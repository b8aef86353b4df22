import Domain
import Gateway
import Logging

/// Reads what the spawner reports of its layers.
enum SandboxReport {
    private struct Report: Decodable {
        let mode: String
        let layers: [SandboxLayer]
    }

    /// The layers, each that is not fully there also as a warning in the log.
    static func layers(_ report: String, logger: Logger) -> [SandboxLayer] {
        guard let report = try? JSON.decode(Report.self, from: Array(report.utf8)) else {
            logger.warning("the spawner's report does not parse")
            return []
        }
        for layer in report.layers where layer.state != .present {
            logger.warning(
                "a layer of the sandbox is not fully there",
                metadata: ["layer": "\(layer.layer)", "state": "\(layer.state.rawValue)", "detail": "\(layer.detail)"]
            )
        }
        return report.layers
    }
}
