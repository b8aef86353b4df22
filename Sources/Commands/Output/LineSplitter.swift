/// Cuts a stream of bytes into lines.
package struct LineSplitter {
    /// Longest line that is kept; the rest of a longer one is dropped.
    private static let longest = 1 << 20

    private var rest: [UInt8] = []

    /// Makes a splitter that has seen nothing.
    package init() {}

    /// Takes the next bytes in and gives the lines that are complete, without their ends; empty ones are left out.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let last = pieces.removeLast()
        for piece in pieces {
            let line = rest + piece
            rest = []
            if !line.isEmpty { lines.append(line) }
        }
        rest += last.prefix(Self.longest - rest.count)
        return lines
    }

    /// The last line, if it had no end.
    package mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
