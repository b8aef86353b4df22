package import Domain

/// A URL that the broker may call, taken apart once, so that what is checked is what is called.
package struct EgressURL: Sendable, Equatable {
    /// Whom it names.
    package enum Host: Sendable, Equatable, CustomStringConvertible {
        case name(String)
        case address(IPAddress)

        package var description: String {
            switch self {
            case .name(let name): name
            case .address(let address): address.version4 == nil ? "[\(address)]" : address.description
            }
        }
    }

    package let scheme: EgressScheme
    package let host: Host
    package let port: UInt16
    /// Path and query; begins with a slash.
    package let target: String

    /// Parses an absolute URL; a fragment is dropped, as it is never sent.
    package init(_ raw: String) throws(EgressError) {
        let shown = Printable.text(raw)
        func wrong(_ what: String) -> EgressError { EgressError(.request, "the URL '\(shown)' \(what)") }
        guard raw.utf8.count <= EgressLimits.url else {
            throw EgressError(.request, "the URL has \(raw.utf8.count) bytes; there may be \(EgressLimits.url)")
        }
        guard raw.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !raw.contains("\\") else {
            throw wrong("has a space or a character that must be percent-encoded")
        }
        let scheme: EgressScheme
        let rest: Substring
        if raw.prefix(8).lowercased() == "https://" {
            (scheme, rest) = (.https, raw.dropFirst(8))
        } else if raw.prefix(7).lowercased() == "http://" {
            (scheme, rest) = (.http, raw.dropFirst(7))
        } else {
            throw wrong("does not begin with https:// or http://")
        }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw wrong("has a user in it; send an Authorization header instead") }
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]"),
                let address = IPAddress(authority[authority.index(after: authority.startIndex)..<close])
            else { throw wrong("has no IPv6 address between its brackets") }
            host = .address(address)
            hostEnd = authority.index(after: close)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
            let text = authority[..<hostEnd]
            if let address = IPAddress(text) {
                host = .address(address)
            } else {
                do {
                    host = .name(try HostName.checked(String(text)))
                } catch {
                    throw wrong("names no host: \(error.reason)")
                }
            }
        }
        let portText = authority[hostEnd...]
        if portText.isEmpty || portText == ":" {
            port = scheme.port
        } else {
            let digits = portText.dropFirst()
            guard portText.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(digits), number > 0
            else { throw wrong("has no port of 1 to 65535") }
            port = number
        }
        self.scheme = scheme
        let path = rest[end...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    /// Scheme, host and port: what headers with credentials belong to.
    package var origin: String { "\(scheme.rawValue)://\(host):\(port)" }

    /// The URL in the one form in which it is called.
    package var text: String { origin + target }
}
