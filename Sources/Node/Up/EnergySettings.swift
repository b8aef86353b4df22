import Domain
import Telemetry

/// The `energy` part of the configuration: the power of the machine, what measures it, and the carbon it stands for.
///
/// ```yaml
/// energy:
///   preset: raspberry-pi-4              # or idleWatts, maxWatts, exponent
///   command: [/usr/local/bin/plug, -1]  # or powercap: /sys/class/powercap
///   commandUnit: watts
///   restWatts: 3.1
///   carbon: { file: /var/lib/godwit/carbon.csv }
/// ```
struct EnergySettings: Sendable {
    private static let fields = [
        "preset", "idleWatts", "maxWatts", "exponent", "powercap", "command", "commandUnit", "restWatts", "carbon",
    ]
    /// Watts that a node may have.
    private static let power = 0.0...100_000

    /// The power of the whole node, for where there is no meter; by default that of a generic server.
    var curve: PowerCurve
    /// Root of the powercap tree; nil for the system's.
    var powercapRoot: String?
    /// The program that reads an external meter, and what its number means; it goes before powercap.
    var command: (program: ExternalCommand, unit: MeterUnit)?
    /// What the meter shows at rest; nil where that is to be learned.
    var idleWatts: Double?
    /// Where the carbon intensity of the electricity comes from; nil where it is not known.
    var carbon: CarbonIntensity.Source?

    /// What counts for a machine of so many cores of which the configuration says nothing.
    init(cores: Int) {
        self.curve = .x86Server(cores: cores)
    }

    /// Reads the `energy` part.
    init(parsing value: DocumentValue, cores: Int) throws(Invalid) {
        let map = try DocumentMap(value, at: "energy", known: Self.fields)
        self.curve = try Self.curve(map, cores: cores)
        if let root = try map.text("powercap") {
            guard root.hasPrefix("/"), !root.utf8.contains(0) else {
                throw Invalid(map.place("powercap"), "'\(Printable.text(root))' must be an absolute path")
            }
            self.powercapRoot = root
        }
        let unit = try map.parsed("commandUnit", Self.unit)
        if let program = try Self.command(map) {
            guard let unit else {
                let units = MeterUnit.allCases.map(\.rawValue).joined(separator: " (so far) or ")
                throw Invalid(map.place("commandUnit"), "is missing; the command writes \(units) (at the moment)")
            }
            guard powercapRoot == nil else {
                throw Invalid("energy", "powercap and command are both given; only one meter can be used")
            }
            self.command = (program, unit)
        } else if unit != nil {
            throw Invalid(map.place("command"), "is missing; commandUnit says what its number means")
        }
        self.idleWatts = try map.number("restWatts", in: Self.power)
        self.carbon = try map.value("carbon").map { (value) throws(Invalid) in try Self.carbon(value) }
    }

    private static func curve(_ map: DocumentMap, cores: Int) throws(Invalid) -> PowerCurve {
        let own = ["idleWatts", "maxWatts", "exponent"].filter { map.value($0) != nil }
        if let name = try map.text("preset") {
            guard let curve = PowerCurve.preset(name, cores: cores) else {
                let hint = NearestName.hint(for: name, among: PowerCurve.presetNames)
                throw Invalid(map.place("preset"), "'\(Printable.text(name))' is not known; \(hint)")
            }
            return curve
        }
        guard let maximum = try map.number("maxWatts", in: power) else {
            guard own.isEmpty else {
                throw Invalid(map.place("maxWatts"), "is missing; give preset, or maxWatts with idleWatts")
            }
            return .x86Server(cores: cores)
        }
        let idle = try map.number("idleWatts", in: power) ?? 0
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

    private static func carbon(_ value: DocumentValue) throws(Invalid) -> CarbonIntensity.Source {
        if case .scalar(let text) = value {
            guard let number = Double(text), (0...100_000).contains(number) else {
                throw Invalid(
                    "energy.carbon",
                    "'\(Printable.text(text))' must be grams per kilowatt-hour from 0 to 100000, {file: PATH} or "
                        + "{command: [PATH, ARGUMENT...]}"
                )
            }
            return .constant(number)
        }
        let map = try DocumentMap(value, at: "energy.carbon", known: ["file", "command"])
        switch (try map.text("file"), try command(map)) {
        case (let path?, nil):
            guard path.hasPrefix("/"), !path.utf8.contains(0) else {
                throw Invalid(map.place("file"), "'\(Printable.text(path))' must be an absolute path")
            }
            return .file(path)
        case (nil, let program?): return .command(program)
        default: throw Invalid("energy.carbon", "must have either file or command")
        }
    }

    /// The field `command`: a path and arguments, or a path alone.
    private static func command(_ map: DocumentMap) throws(Invalid) -> ExternalCommand? {
        let words = try map.list("command") { (word) throws(Invalid) in word }
        guard let path = words.first else {
            guard map.value("command") == nil else { throw Invalid(map.place("command"), "is empty") }
            return nil
        }
        do {
            return try ExternalCommand(path: path, arguments: Array(words.dropFirst()))
        } catch {
            throw Invalid(map.place("command"), error.description)
        }
    }

    private static func unit(_ raw: String) throws(Invalid) -> MeterUnit {
        guard let unit = MeterUnit(rawValue: raw) else {
            let hint = NearestName.hint(for: raw, among: MeterUnit.allCases.map(\.rawValue))
            throw Invalid("energy.commandUnit", "'\(Printable.text(raw))' is not known; \(hint)")
        }
        return unit
    }
}
