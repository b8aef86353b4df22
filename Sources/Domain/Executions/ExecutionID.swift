/// The globally unique id of an execution: a ULID in lower case, so that ids sort by the time they were made.
///
/// Source: the ULID specification; 48 bits of milliseconds since 1970 and 80 random bits, in Crockford's base 32.
package struct ExecutionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 26 characters of `0-9a-z` without i, l, o and u.
    package let text: String

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Makes a new id.
    package init(at time: Timestamp, using random: inout some RandomNumberGenerator) {
        let high = random.next()
        let low = random.next()
        var value = UInt128(UInt64(clamping: time.microseconds / 1000) & 0xffff_ffff_ffff) << 80
        value |= UInt128(high & 0xffff) << 64 | UInt128(low)
        var characters: [UInt8] = []
        characters.reserveCapacity(26)
        for position in (0..<26).reversed() {
            characters.append(Self.alphabet[Int(truncatingIfNeeded: value >> UInt128(position * 5)) & 31])
        }
        self.text = String(decoding: characters, as: UTF8.self)
    }

    /// Parses an id as written.
    package init(_ raw: String) throws(Invalid) {
        guard raw.utf8.count == 26, raw.utf8.allSatisfy({ Self.alphabet.contains($0) }),
            let first = raw.utf8.first, first <= UInt8(ascii: "7")
        else {
            throw Invalid("id", "'\(Printable.text(raw))' is no execution id")
        }
        self.text = raw
    }

    /// When it was made, by the clock of the node that made it; to the millisecond.
    package var time: Timestamp {
        let milliseconds = text.utf8.prefix(10).reduce(Int64(0)) { value, character in
            value << 5 | Int64(Self.alphabet.firstIndex(of: character) ?? 0)
        }
        return Timestamp(microseconds: milliseconds * 1000)
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
    package var description: String { text }
}

extension ExecutionID: TextCodable {}
