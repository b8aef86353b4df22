/// One entry of a function's `egress`: whom it may call, how, and on which port.
///
/// `api.example.org`, `*.example.org`, `https://api.example.org:8443`, `http://10.0.0.7`, `10.0.0.0/8`, `[fd00::1]:443`.
/// Without a scheme it is `https`, without a port the scheme's own.
package struct EgressRule: Hashable, Sendable, CustomStringConvertible {
    /// Whom a rule is about.
    package enum Host: Hashable, Sendable {
        /// This name alone.
        case name(String)
        /// Every name that ends with a dot and this one, at any depth; not this name itself.
        case below(String)
        /// Addresses, and names of other rules that are found at them.
        case network(IPNetwork)
    }

    package let scheme: EgressScheme
    package let host: Host
    package let port: UInt16

    /// Parses an entry; throws what is wrong with it and what would be right.
    package init(_ raw: String) throws(Invalid) {
        let shown = Printable.text(raw)
        var rest = raw[...]
        var scheme = EgressScheme.https
        if let end = rest.firstRange(of: "://") {
            guard let known = EgressScheme(rawValue: rest[..<end.lowerBound].lowercased()) else {
                throw Invalid("egress", "'\(shown)' is neither https nor http; only these two are spoken")
            }
            scheme = known
            rest = rest[end.upperBound...]
        }
        guard !rest.contains("@") else {
            throw Invalid("egress", "'\(shown)' has a user in it; write only scheme, host and port")
        }
        let (hostText, portText) = try Self.parts(rest, shown: shown)
        self.scheme = scheme
        self.host = try Self.host(hostText, shown: shown)
        guard let portText else {
            self.port = scheme.port
            return
        }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText), port > 0 else {
            throw Invalid("egress", "'\(shown)' has no port of 1 to 65535")
        }
        self.port = port
    }

    /// In its shortest form: what is left out has its default.
    package var text: String {
        let shown =
            switch host {
            case .name(let name): name
            case .below(let name): "*.\(name)"
            case .network(let network):
                network.address.version4 != nil && network.prefix >= 96
                    ? network.text
                    : network.isSingle ? "[\(network.address)]" : "[\(network.address)]/\(network.prefix)"
            }
        let start = scheme == .https ? "" : "\(scheme.rawValue)://"
        return start + shown + (port == scheme.port ? "" : ":\(port)")
    }

    package var description: String { text }

    /// Cuts the port off; the brackets around IPv6 go too.
    private static func parts(_ raw: Substring, shown: String) throws(Invalid) -> (host: String, port: Substring?) {
        if raw.hasPrefix("[") {
            guard let close = raw.firstIndex(of: "]") else {
                throw Invalid("egress", "'\(shown)' has a bracket that is not closed")
            }
            var host = String(raw[raw.index(after: raw.startIndex)..<close])
            var rest = raw[raw.index(after: close)...]
            if rest.hasPrefix("/") {
                let end = rest.firstIndex(of: ":") ?? rest.endIndex
                host += rest[..<end]
                rest = rest[end...]
            }
            guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else {
                throw Invalid("egress", "'\(shown)' is not like [fd00::1]:443 or [fd00::]/8")
            }
            return (host, rest.isEmpty ? nil : rest.dropFirst())
        }
        let colons = raw.utf8.count { $0 == UInt8(ascii: ":") }
        // Two colons can only be an IPv6 address without brackets, and then nothing says where its port would begin.
        guard colons == 1, let colon = raw.firstIndex(of: ":") else { return (String(raw), nil) }
        return (String(raw[..<colon]), raw[raw.index(after: colon)...])
    }

    private static func host(_ raw: String, shown: String) throws(Invalid) -> Host {
        guard !raw.isEmpty else { throw Invalid("egress", "'\(shown)' names no host") }
        if raw.hasPrefix("*") {
            guard raw.hasPrefix("*."), raw.dropFirst(2).contains("."), !raw.dropFirst().contains("*") else {
                throw Invalid("egress", "'\(shown)' is too wide; a pattern is like *.example.org")
            }
            return .below(try name(String(raw.dropFirst(2)), shown: shown))
        }
        let address = raw.prefix { $0 != "/" }
        if IPAddress(address) != nil {
            do {
                return .network(try IPNetwork(raw))
            } catch {
                throw Invalid("egress", error.reason)
            }
        }
        guard address.utf8.count == raw.utf8.count else {
            throw Invalid("egress", "'\(shown)' has a path; a rule is a host, and all its paths may be called")
        }
        return .name(try name(raw, shown: shown))
    }

    private static func name(_ raw: String, shown: String) throws(Invalid) -> String {
        do {
            return try HostName.checked(raw)
        } catch {
            throw Invalid("egress", error.reason)
        }
    }
}

extension EgressRule: TextCodable {}

extension Substring {
    /// Where a text first stands.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}
