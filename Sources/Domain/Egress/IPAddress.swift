/// An IP address; IPv4 is held in its IPv4-mapped form, so that `::ffff:10.0.0.1` and `10.0.0.1` are one address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes.
    package let high: UInt64
    /// The last eight bytes.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The address of four bytes.
    package init(version4 value: UInt32) {
        self.init(high: 0, low: 0xFFFF << 32 | UInt64(value))
    }

    /// The address of 4 or 16 bytes, in network order; nil for any other number.
    package init?(bytes: some Collection<UInt8>) {
        func number(_ part: some Collection<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: self.init(version4: UInt32(truncatingIfNeeded: number(bytes)))
        case 16: self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
        default: return nil
        }
    }

    /// Parses four decimal numbers, or RFC 4291 text; neither shorter forms of IPv4 nor zones.
    package init?(_ raw: some StringProtocol) {
        guard raw.utf8.count <= 45 else { return nil }
        if let value = Self.version4(raw) {
            self.init(version4: value)
        } else if let groups = Self.groups(raw) {
            func number(_ part: ArraySlice<UInt16>) -> UInt64 { part.reduce(0) { $0 << 16 | UInt64($1) } }
            self.init(high: number(groups[..<4]), low: number(groups[4...]))
        } else {
            return nil
        }
    }

    /// The IPv4 address, where it is one.
    package var version4: UInt32? { high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil }

    /// The 16 bytes.
    package var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) } }
    }

    /// In its usual form (RFC 5952).
    package var description: String {
        if let version4 {
            return (0..<4).map { "\(version4 >> (24 - 8 * UInt32($0)) & 0xFF)" }.joined(separator: ".")
        }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - 16 * UInt64(index % 4)))
        }
        // The longest run of zeros is left out; of equal ones the first, and never a single one.
        var longest = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(1, longest.count) { longest = start..<index }
            start = index + 1
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    private static func version4(_ raw: some StringProtocol) -> UInt32? {
        let parts = raw.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            let isDecimal = !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            // A leading zero means octal to some and nothing to others.
            guard isDecimal, part.utf8.count == 1 || !part.hasPrefix("0"), let byte = UInt8(part) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func groups(_ raw: some StringProtocol) -> [UInt16]? {
        var halves: [[UInt16]] = []
        var rest = String(raw)[...]
        while let gap = rest.range(of: "::") {
            guard halves.isEmpty, let half = list(rest[..<gap.lowerBound], mayEndInVersion4: false) else { return nil }
            halves.append(half)
            rest = rest[gap.upperBound...]
        }
        guard let last = list(rest, mayEndInVersion4: true) else { return nil }
        guard let first = halves.first else { return last.count == 8 ? last : nil }
        guard first.count + last.count < 8 else { return nil }
        return first + Array(repeating: 0, count: 8 - first.count - last.count) + last
    }

    private static func list(_ raw: Substring, mayEndInVersion4: Bool) -> [UInt16]? {
        guard !raw.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = raw.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, let value = version4(part) {
                groups += [UInt16(truncatingIfNeeded: value >> 16), UInt16(truncatingIfNeeded: value)]
                continue
            }
            let isPlain = (1...4).contains(part.utf8.count) && !part.hasPrefix("+") && !part.hasPrefix("-")
            guard isPlain, let group = UInt16(part, radix: 16) else { return nil }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension Substring {
    /// Where a text first stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index != endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
