/// The name of a system call, as in `openat`.
package struct SystemCallName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ raw: String) throws(Invalid) {
        let isName = raw.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, (1...32).contains(raw.utf8.count) else {
            throw Invalid("syscalls", "'\(Printable.text(raw))' is no name of a system call, like openat")
        }
        self.text = raw
    }

    package var description: String { text }
}

extension SystemCallName: TextCodable {}
