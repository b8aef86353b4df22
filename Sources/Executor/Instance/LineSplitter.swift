package import NIOCore

/// Cuts what a function writes into lines, bounded: a longer line is cut into several.
package struct LineSplitter {
    /// Bytes of one line.
    package static let maximumLine = 16_384
    private var partial: [UInt8] = []

    package init() {}

    /// The lines that are complete with these bytes, without their ends.
    package mutating func append(_ bytes: ByteBuffer) -> [String] {
        var lines: [String] = []
        for byte in bytes.readableBytesView {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                partial.append(byte)
                if partial.count == Self.maximumLine { lines.append(take()) }
            }
        }
        return lines
    }

    /// What is left when nothing more comes.
    package mutating func finish() -> String? { partial.isEmpty ? nil : take() }

    private mutating func take() -> String {
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        defer { partial.removeAll(keepingCapacity: true) }
        return String(decoding: partial, as: UTF8.self)
    }
}
