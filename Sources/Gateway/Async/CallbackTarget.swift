package import Domain

/// Where a callback goes: an `http` or `https` URL with a host, taken apart.
package struct CallbackTarget: Equatable, Sendable {
    private static let lengthLimit = 2048

    /// Whether it is `https`.
    package let isSecure: Bool
    /// Name or address, without brackets.
    package let host: String
    /// The port given, else 443 or 80.
    package let port: Int
    /// Path and query, at least `/`.
    package let target: String

    /// Parses an absolute URL without user information or fragment.
    package init(_ raw: String) throws(Invalid) {
        let wrong = Invalid("X-Callback-Url", "must be an absolute http or https URL without user or fragment")
        let isPlain = raw.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard raw.utf8.count <= Self.lengthLimit, isPlain, !raw.contains("#"), !raw.contains("\\") else { throw wrong }
        let rest: Substring
        if raw.hasPrefix("https://") {
            isSecure = true
            rest = raw.dropFirst("https://".count)
        } else if raw.hasPrefix("http://") {
            isSecure = false
            rest = raw.dropFirst("http://".count)
        } else {
            throw wrong
        }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let path = String(rest[authorityEnd...])
        guard !authority.contains("@") else { throw wrong }
        target = path.hasPrefix("/") ? path : "/" + path
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw wrong }
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<hostEnd])
        }
        let portText = authority[hostEnd...]
        guard !host.isEmpty, portText.isEmpty || portText.hasPrefix(":") else { throw wrong }
        if portText.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard let number = Int(portText.dropFirst()), (1...65535).contains(number) else { throw wrong }
            port = number
        }
    }
}
