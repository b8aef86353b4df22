package import Domain

/// Where a node's peer interface is: `https://HOST:PORT`.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The port where none is given.
    package static let standardPort = 7443
    private static let lengthLimit = 256

    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses `https://HOST[:PORT]`, or `HOST[:PORT]`.
    package init(_ raw: String) throws(Invalid) {
        let wrong = Invalid("peer", "'\(Printable.text(raw))' is not like https://edge-1.example:7443")
        guard raw.utf8.count <= Self.lengthLimit, !raw.hasPrefix("http://") else { throw wrong }
        var rest = raw.hasPrefix("https://") ? String(raw.dropFirst(8)) : raw
        if rest.hasSuffix("/") { rest.removeLast() }
        var port = Self.standardPort
        let hostEnd =
            rest.hasPrefix("[") ? rest.firstIndex(of: "]").map { rest.index(after: $0) } : rest.firstIndex(of: ":")
        var host = rest
        if let hostEnd, hostEnd < rest.endIndex {
            guard rest[hostEnd] == ":", let number = Int(rest[rest.index(after: hostEnd)...]),
                (1...65535).contains(number)
            else { throw wrong }
            port = number
            host = String(rest[..<hostEnd])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isWellFormed = host.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || ".-:_%".utf8.contains(byte)
        }
        guard !host.isEmpty, isWellFormed else { throw wrong }
        self.host = host
        self.port = port
    }

    package var text: String { "https://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    package var description: String { text }
}

extension PeerAddress: TextCodable {}
