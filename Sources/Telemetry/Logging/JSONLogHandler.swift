package import Logging

/// Writes every event as one line of JSON: `ts`, `level`, `logger`, `msg`, then the metadata by name.
///
/// Metadata values are strings, objects or arrays as they were given. A name that would hide one of the four gets
/// `metadata.` before it.
package struct JSONLogHandler: LogHandler {
    private static let reserved: Set<String> = ["ts", "level", "logger", "msg"]

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let writer: LogWriter
    private let clock: @Sendable () -> Int64

    /// Makes a handler of the logger `label`; `clock` gives nanoseconds since 1970.
    package init(
        label: String,
        level: Logger.Level = .info,
        writer: LogWriter,
        metadataProvider: Logger.MetadataProvider? = nil,
        clock: @escaping @Sendable () -> Int64 = WallClock.now
    ) {
        self.label = label
        self.logLevel = level
        self.writer = writer
        self.metadataProvider = metadataProvider
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) { writer.write(line(event)) }

    /// The line of an event, with its line feed.
    package func line(_ event: LogEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(contentsOf: "{\"ts\":\"".utf8)
        WallClock.append(clock(), to: &bytes)
        bytes.append(contentsOf: "\",\"level\":\"".utf8)
        bytes.append(contentsOf: event.level.rawValue.utf8)
        bytes.append(contentsOf: "\",\"logger\":".utf8)
        JSONText.append(label, to: &bytes)
        bytes.append(contentsOf: ",\"msg\":".utf8)
        JSONText.append(event.message.description, to: &bytes)
        for (key, value) in LogMetadata.merged(handler: metadata, provider: metadataProvider, event: event) {
            bytes.append(UInt8(ascii: ","))
            Self.append(Self.reserved.contains(key) ? "metadata." + key : key, value, to: &bytes)
        }
        bytes.append(contentsOf: "}\n".utf8)
        return bytes
    }

    private static func append(_ key: String, _ value: Logger.Metadata.Value, to bytes: inout [UInt8]) {
        JSONText.append(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(value, to: &bytes)
    }

    private static func append(_ value: Logger.Metadata.Value, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text): JSONText.append(text, to: &bytes)
        case .stringConvertible(let content): JSONText.append(content.description, to: &bytes)
        case .dictionary(let entries):
            bytes.append(UInt8(ascii: "{"))
            for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(entry.key, entry.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }
}
