/// Makes bytes from functions and servers harmless for a terminal.
///
/// Control characters could move the cursor, change the title, or type for the user; marks of writing direction could
/// show a text other than the one that is there. They become visible instead. Line ends and tabs stay; UTF-8 may be
/// cut anywhere between two calls.
package struct TerminalFilter {
    private var pending: [UInt8] = []

    /// Makes a filter that has seen nothing.
    package init() {}

    /// Filters a whole text.
    package static func text(_ text: String) -> String {
        var filter = TerminalFilter()
        return String(decoding: filter.take(Array(text.utf8)) + filter.finish(), as: UTF8.self)
    }

    /// Filters the next bytes; a character that is not complete is kept for the next call.
    package mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        let all = pending + bytes
        pending = []
        var shown: [UInt8] = []
        var index = 0
        while index < all.count {
            let length = Self.length(all[index])
            if length > 1, index + length > all.count, all[(index + 1)...].allSatisfy({ $0 & 0xc0 == 0x80 }) {
                pending = Array(all[index...])
                return shown
            }
            let end = min(all.count, index + length)
            if let scalar = String(validating: all[index..<end], as: UTF8.self)?.unicodeScalars.first {
                shown += Self.visible(scalar)
                index = end
            } else {
                shown += Array("\\x\(hex(all[index]))".utf8)
                index += 1
            }
        }
        return shown
    }

    /// What is left of an incomplete character.
    package mutating func finish() -> [UInt8] {
        defer { pending = [] }
        return pending.flatMap { Array("\\x\(hex($0))".utf8) }
    }

    private static func length(_ first: UInt8) -> Int {
        switch first {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 1
        }
    }

    private static func visible(_ scalar: Unicode.Scalar) -> [UInt8] {
        switch scalar.value {
        case 0x09, 0x0a: [UInt8(scalar.value)]
        case 0x0d: []
        case 0..<0x20: [UInt8(ascii: "^"), UInt8(scalar.value + 0x40)]
        case 0x7f: Array("^?".utf8)
        case 0x80..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069:
            Array("\\u{\(String(scalar.value, radix: 16))}".utf8)
        default: Array(String(scalar).utf8)
        }
    }

    private func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
