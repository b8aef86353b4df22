/// How busy a node is: what its every answer to a peer carries.
package struct NodeLoad: Hashable, Sendable, Codable {
    /// The name of the header, in lower case.
    package static let header = "godwit-load"

    /// Calls that run.
    package var busy: Int
    /// Calls that wait for an instance.
    package var queued: Int
    /// Instances that idle.
    package var idle: Int
    /// Instances that are being started.
    package var starting: Int
    /// Share of the machine's CPU time that is busy, 0 to 1.
    package var utilisation: Double
    /// Memory that further instances may have, in bytes.
    package var freeMemory: UInt64
    /// Idle instances of the function that was called; nil where none was.
    package var warm: Int?
    /// Carbon intensity of its power now, in grams of CO2 equivalent per kilowatt-hour; nil where only its description tells.
    package var carbonIntensity: Double?

    package init(
        busy: Int = 0,
        queued: Int = 0,
        idle: Int = 0,
        starting: Int = 0,
        utilisation: Double = 0,
        freeMemory: UInt64 = 0,
        warm: Int? = nil,
        carbonIntensity: Double? = nil
    ) {
        self.busy = busy
        self.queued = queued
        self.idle = idle
        self.starting = starting
        self.utilisation = utilisation
        self.freeMemory = freeMemory
        self.warm = warm
        self.carbonIntensity = carbonIntensity
    }

    /// The header's value: `busy=1;queue=0;idle=2;starting=0;cpu=42;free=1073741824;warm=1;carbon=300`, cpu in percent.
    package var headerText: String {
        let percent = Int((min(max(utilisation.isFinite ? utilisation : 0, 0), 1) * 100).rounded())
        let text = "busy=\(busy);queue=\(queued);idle=\(idle);starting=\(starting);cpu=\(percent);free=\(freeMemory)"
        let carbon = carbonIntensity.map { ";carbon=\(Int(min(max($0.isFinite ? $0 : 0, 0), 1_000_000).rounded()))" }
        return text + (warm.map { ";warm=\($0)" } ?? "") + (carbon ?? "")
    }

    /// Takes a header's value; nil when it is not of that form.
    ///
    /// Unknown fields are passed over.
    package init?(headerText: String) {
        guard headerText.utf8.count <= 256 else { return nil }
        self.init()
        for field in headerText.split(separator: ";") {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            guard let number = UInt64(field[field.index(after: equals)...]) else { return nil }
            let count = Int(clamping: min(number, 1_000_000))
            switch field[..<equals] {
            case "busy": busy = count
            case "queue": queued = count
            case "idle": idle = count
            case "starting": starting = count
            case "cpu": utilisation = Double(min(count, 100)) / 100
            case "free": freeMemory = number
            case "warm": warm = count
            case "carbon": carbonIntensity = Double(count)
            default: break
            }
        }
    }
}
