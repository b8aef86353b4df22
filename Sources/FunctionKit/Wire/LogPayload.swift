/// What a `log` frame says.
package struct LogPayload: Sendable, Equatable {
    /// How grave it is.
    package var level: LogLevel
    /// The text.
    package var message: String

    /// Makes a payload.
    package init(level: LogLevel, message: String) {
        self.level = level
        self.message = message
    }

    /// Reads a payload.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let level = cursor.integer(UInt8.self, in: bytes).flatMap(LogLevel.init) else { throw .malformed(.log) }
        self.init(level: level, message: cursor.remainingText(in: bytes))
    }

    /// Appends the payload; text beyond `WireLimits.logMessage` is cut.
    package func encode(to bytes: inout [UInt8]) {
        bytes.append(level.rawValue)
        bytes.append(contentsOf: message.utf8.prefix(WireLimits.logMessage))
    }
}
