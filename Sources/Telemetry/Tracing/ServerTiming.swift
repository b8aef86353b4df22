/// Builds the value of a `Server-Timing` header (W3C): `queue;dur=0.12, start;dur=0.6;desc="cold"`.
///
/// The value is always printable ASCII, whatever the names and descriptions are.
package struct ServerTiming: Hashable, Sendable {
    /// What was there before, and behind it the header's value; nothing while nothing was added.
    package private(set) var bytes: [UInt8]
    private let start: Int

    /// Makes an empty header, behind other bytes.
    package init(behind bytes: consuming [UInt8] = []) {
        self.start = bytes.count
        self.bytes = consume bytes
    }

    /// Adds a phase: its duration in nanoseconds, written in milliseconds rounded to microseconds, and what to say of it.
    package mutating func add(_ name: String, nanoseconds: UInt64? = nil, description: String? = nil) {
        if bytes.count > start { bytes.append(contentsOf: ", ".utf8) }
        let start = bytes.count
        for byte in name.utf8 { bytes.append(Self.isToken(byte) ? byte : UInt8(ascii: "-")) }
        if bytes.count == start { bytes.append(UInt8(ascii: "-")) }
        if let nanoseconds {
            let microseconds = nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)
            bytes.append(contentsOf: ";dur=".utf8)
            DecimalText.append(microseconds, decimals: 3, to: &bytes)
        }
        guard let description else { return }
        bytes.append(contentsOf: ";desc=\"".utf8)
        for scalar in description.unicodeScalars { append(quoted: scalar) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a character of a quoted string of RFC 9110: what is not printable ASCII becomes `?`.
    private mutating func append(quoted scalar: Unicode.Scalar) {
        if scalar == "\"" || scalar == "\\" { bytes.append(UInt8(ascii: "\\")) }
        bytes.append((0x20...0x7e).contains(scalar.value) ? UInt8(scalar.value) : UInt8(ascii: "?"))
    }

    /// Whether a token of RFC 9110 may hold this.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        // ! # $ % & ' * + - . ^ _ ` | ~
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true
        default: false
        }
    }
}
