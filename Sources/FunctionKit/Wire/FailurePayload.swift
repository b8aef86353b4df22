/// What a `failure` frame says.
package struct FailurePayload: Sendable, Equatable {
    /// The type of the error, for programs.
    package var type: String
    /// What went wrong, for people.
    package var message: String

    /// Makes a payload.
    package init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    /// Reads a payload; nothing may follow it.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let type = cursor.shortText(in: bytes), let message = cursor.longText(in: bytes),
            cursor.offset == bytes.count
        else { throw .malformed(.failure) }
        self.init(type: type, message: message)
    }

    /// Appends the payload.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendShortText(type)
        bytes.appendLongText(message)
    }
}
