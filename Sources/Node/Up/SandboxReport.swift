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

    /// Checks that layers are fully there; throws which are not, why, and what to do.
    static func check(_ layers: [SandboxLayer], requires keys: [String]) throws(Invalid) {
        let missing = keys.compactMap { key -> String? in
            guard let layer = layers.first(where: { $0.key == key }) else { return "\(key) is not reported" }
            guard layer.state != .present else { return nil }
            let remedy = layer.remedy.map { "; remedy: \($0)" } ?? ""
            return "\(key) is \(layer.state.rawValue) (\(layer.detail))\(remedy)"
        }
        guard missing.isEmpty else {
            throw Invalid(
                "sandbox.require",
                "names what this machine does not give: \(missing.joined(separator: ". "))"
            )
        }
    }

    /// The same layers for other nodes, who are told every second: without remedies, and details only of what is not there.
    static func brief(_ layers: [SandboxLayer]) -> [SandboxLayer] {
        layers.map { layer in
            let detail = layer.state == .present ? "" : String(layer.detail.prefix(100))
            return SandboxLayer(layer: layer.layer, state: layer.state, detail: detail)
        }
    }
}
