package import Logging

/// Writes every event as one line for people: time, level, logger, message, metadata; aligned, in colour on a terminal.
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let writer: LogWriter
    private let isColoured: Bool
    private let clock: @Sendable () -> Int64

    /// Makes a handler of the logger `label`; `clock` gives nanoseconds since 1970.
    ///
    /// Without a word about colour, there is colour when the writer writes to a terminal and `NO_COLOR` is not set.
    package init(
        label: String,
        level: Logger.Level = .info,
        writer: LogWriter,
        isColoured: Bool? = nil,
        metadataProvider: Logger.MetadataProvider? = nil,
        clock: @escaping @Sendable () -> Int64 = WallClock.now
    ) {
        self.label = label
        self.logLevel = level
        self.writer = writer
        self.isColoured = isColoured ?? writer.wantsColour
        self.metadataProvider = metadataProvider
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) { writer.write(Array(line(event).utf8)) }

    /// The line of an event, with its line feed.
    package func line(_ event: LogEvent) -> String {
        let level = PlainText.padded(event.level.rawValue.uppercased(), to: 8)
        var line = painted(WallClock.rfc3339(clock()), dim) + " " + painted(level, colour(event.level)) + " "
        line += painted(PlainText.padded(PlainText.escaped(label), to: 12), dim) + " "
        line += PlainText.escaped(event.message.description)
        for (key, value) in LogMetadata.merged(handler: metadata, provider: metadataProvider, event: event) {
            line += " " + painted(PlainText.escaped(key) + "=", dim) + PlainText.value(value.description)
        }
        return line + "\n"
    }

    private var dim: String { "2" }

    private func colour(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "36"
        case .info: "32"
        case .notice: "34"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }

    private func painted(_ text: String, _ colour: String) -> String {
        isColoured ? "\u{1b}[\(colour)m\(text)\u{1b}[0m" : text
    }
}
