package import NIOCore

/// Cuts what a function writes into lines, bounded: a longer line is cut into several.
package struct LineSplitter {
    /// Bytes of one line.
    package static let maximumLine = 16_384
    private static let end = UInt8(ascii: "\n")
    private var partial: [UInt8] = []
    /// Whether what comes next is the rest of a line that was left out.
    private var isCut = false

    package init() {}

    /// The lines that are complete with these bytes, without their ends.
    package mutating func append(_ bytes: ByteBuffer) -> [String] {
        var lines: [String] = []
        var rest = bytes.readableBytesView[...]
        if isCut {
            guard let end = rest.firstIndex(of: Self.end) else { return [] }
            rest = rest[(end + 1)...]
            isCut = false
        }
        while !rest.isEmpty {
            let piece = rest.prefix(Self.maximumLine - partial.count)
            if let end = piece.firstIndex(of: Self.end) {
                partial.append(contentsOf: piece[..<end])
                rest = rest[(end + 1)...]
                lines.append(take())
            } else {
                partial.append(contentsOf: piece)
                rest = rest[piece.endIndex...]
                if partial.count == Self.maximumLine { lines.append(take()) }
            }
        }
        return lines
    }

    /// Leaves these bytes out, and with them the lines that they begin and end in.
    package mutating func skip(_ bytes: ByteBuffer) {
        partial.removeAll(keepingCapacity: true)
        guard let last = bytes.readableBytesView.last else { return }
        isCut = last != Self.end
    }

    /// What is left when nothing more comes.
    package mutating func finish() -> String? { partial.isEmpty ? nil : take() }

    private mutating func take() -> String {
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        defer { partial.removeAll(keepingCapacity: true) }
        return String(decoding: partial, as: UTF8.self)
    }
}
