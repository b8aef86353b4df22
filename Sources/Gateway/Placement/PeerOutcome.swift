package import Domain

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a call took on the node that ran it, as that node tells the one that sent it.
package struct PeerOutcome: Equatable, Sendable {
    /// Bytes of log lines that travel with a failure.
    private static let logBytes = 8192
    private static let logLines = 10
    private static let textLimit = 1024

    package var start: StartKind?
    package var phases: CallPhases
    package var use: ResourceUse
    package var wasStarted: Bool
    package var requestBytes: UInt64
    package var responseBytes: UInt64

    package init(
        start: StartKind?,
        phases: CallPhases,
        use: ResourceUse,
        wasStarted: Bool,
        requestBytes: UInt64,
        responseBytes: UInt64
    ) {
        self.start = start
        self.phases = phases
        self.use = use
        self.wasStarted = wasStarted
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
    }

    /// The value of its header or trailer: `start=warm;begun=1;queue=…;…`, times in nanoseconds.
    package var text: String {
        "start=\(start?.rawValue ?? "none");begun=\(wasStarted ? 1 : 0);queue=\(phases.queue);spawn=\(phases.spawn)"
            + ";exec=\(phases.exec);init=\(phases.initialise);function=\(phases.function);run=\(phases.run);cpu=\(use.cpuNanoseconds);mem=\(use.memoryPeakBytes)"
            + ";in=\(requestBytes);out=\(responseBytes);joules=\(use.joules);grams=\(use.grams)"
            + ";method=\(use.energyMethod)"
    }

    /// Takes a header's value; nil when it is not of that form.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.textLimit else { return nil }
        self.init(start: nil, phases: .init(), use: .init(), wasStarted: false, requestBytes: 0, responseBytes: 0)
        for field in text.split(separator: ";") {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            let value = field[field.index(after: equals)...]
            let name = field[..<equals]
            switch name {
            case "start": start = StartKind(rawValue: String(value))
            case "method": use.energyMethod = String(value.prefix(32))
            case "joules", "grams":
                guard let number = Double(value), number.isFinite, number >= 0 else { return nil }
                if name == "joules" { use.joules = number } else { use.grams = number }
            default:
                guard let number = UInt64(value) else { return nil }
                set(name, to: number)
            }
        }
    }

    private mutating func set(_ name: Substring, to number: UInt64) {
        switch name {
        case "begun": wasStarted = number == 1
        case "queue": phases.queue = number
        case "spawn": phases.spawn = number
        case "exec": phases.exec = number
        case "init": phases.initialise = number
        case "function": phases.function = number
        case "run": phases.run = number
        case "cpu": use.cpuNanoseconds = number
        case "mem": use.memoryPeakBytes = number
        case "in": requestBytes = number
        case "out": responseBytes = number
        default: break
        }
    }

    // MARK: - Failures and log lines

    /// A value as a header can carry it: JSON in base 64.
    static func packed(_ value: some Encodable) -> String { Data(JSON.encode(value)).base64EncodedString() }

    /// The value in a header; nil when it does not parse.
    static func unpacked<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
        guard text.utf8.count <= 4 * logBytes, let bytes = Data(base64Encoded: text) else { return nil }
        return try? JSON.decode(type, from: Array(bytes))
    }

    /// The last lines that fit into a header, oldest first.
    static func shippable(_ logs: [LogEntry]) -> [LogEntry] {
        var bytes = 0
        var lines: [LogEntry] = []
        for line in logs.suffix(logLines).reversed() {
            bytes += line.message.utf8.count + 200
            guard bytes <= logBytes else { break }
            lines.append(line)
        }
        return lines.reversed()
    }
}
