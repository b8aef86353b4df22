import Domain
import Telemetry

/// The `energy` part of the configuration: a built-in power curve by name, or the node's own numbers.
enum EnergySettings {
    static func curve(_ value: DocumentValue, cores: Int) throws(Invalid) -> PowerCurve {
        let map = try DocumentMap(value, at: "energy", known: ["preset", "idleWatts", "maxWatts", "exponent"])
        if let name = try map.text("preset") {
            guard let curve = PowerCurve.preset(name, cores: cores) else {
                let hint = NearestName.hint(for: name, among: PowerCurve.presetNames)
                throw Invalid("energy.preset", "'\(Printable.text(name))' is not known; \(hint)")
            }
            return curve
        }
        guard let maximum = try map.number("maxWatts", in: 0...100_000) else {
            throw Invalid("energy.maxWatts", "is missing; give preset, or maxWatts with idleWatts")
        }
        let idle = try map.number("idleWatts", in: 0...100_000) ?? 0
        let exponent = try map.number("exponent", in: 0.1...10) ?? 1
        do {
            return try PowerCurve(
                name: "configured",
                source: "the node's configuration",
                idleWatts: idle,
                maxWatts: maximum,
                exponent: exponent
            )
        } catch {
            throw Invalid("energy", error.description)
        }
    }
}
