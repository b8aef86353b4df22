/// The name of a host as URLs and rules hold it: lower case, ASCII, without a dot at its end.
package enum HostName {
    /// Checks a name and brings it into lower case; throws what is wrong with it.
    package static func checked(_ raw: String) throws(Invalid) -> String {
        let shown = Printable.text(raw)
        guard raw.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw Invalid("host", "'\(shown)' is not ASCII; write its punycode form, which begins with xn--")
        }
        let name = raw.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isLabelByte) && !label.hasPrefix("-")
                && !label.hasSuffix("-")
        }
        guard name.utf8.count <= 253, isPlain, let last = labels.last else {
            throw Invalid("host", "'\(shown)' is no name of a host")
        }
        // Some libraries read such names as addresses: 127.1, 2130706433, 0x7f000001.
        guard !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !last.hasPrefix("0x") else {
            throw Invalid("host", "'\(shown)' is neither a name nor an address; write addresses like 10.0.0.1")
        }
        return name
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
