package import Domain

/// Whom a function may call from this node: what its `egress` lists, and what the node's operator has opened.
package struct EgressPolicy: Sendable {
    private let rules: [EgressRule]
    private let opened: [IPNetwork]

    /// `opened` are networks beyond the Internet that the operator lets functions reach which list them.
    package init(rules: [EgressRule], opened: [IPNetwork]) {
        self.rules = rules
        self.opened = opened
    }

    /// Checks what a URL names, before anything is resolved or sent.
    package func check(_ url: EgressURL) throws(EgressError) {
        let ofHost = rules.filter { Self.names($0.host, url.host) }
        guard !ofHost.contains(where: { $0.scheme == url.scheme && $0.port == url.port }) else { return }
        guard let other = ofHost.first else {
            throw EgressError(
                .denied,
                "host \(url.host) is not in the function's egress list; add it to function.yaml"
            )
        }
        throw EgressError(
            .denied,
            "\(url.origin) is not in the function's egress list, which has '\(other)' "
                + "(\(other.scheme.rawValue) on port \(other.port)); add it to function.yaml"
        )
    }

    /// Checks the address that is about to be connected to, or was, for a URL that has passed.
    package func check(_ address: IPAddress, for url: EgressURL) throws(EgressError) {
        let kind = AddressKind(address)
        guard kind != .public else { return }
        // An address that no connection was asked for: its own rule was not looked at yet.
        let place = url.host == .address(address) ? "\(url.host)" : "\(url.host) is at \(address), which"
        guard !kind.isNeverReached else {
            throw EgressError(.address, "\(place) is \(kind.rawValue): no function may reach it")
        }
        let isListed = rules.contains { rule in
            guard case .network(let network) = rule.host, rule.scheme == url.scheme, rule.port == url.port else {
                return false
            }
            return Self.opens(network, address, kind)
        }
        guard isListed else {
            throw EgressError(
                .address,
                "\(place) is \(kind.rawValue) and not in the function's egress list as an address; where that is meant, "
                    + "add \(Self.rule(for: address, as: url)) to function.yaml"
            )
        }
        guard opened.contains(where: { Self.opens($0, address, kind) }) else {
            throw EgressError(
                .address,
                "\(place) is \(kind.rawValue) and not open on this node; its operator can name it in egress.networks"
            )
        }
    }

    /// A network opens its addresses, but those that give out credentials only where it is that address alone.
    private static func opens(_ network: IPNetwork, _ address: IPAddress, _ kind: AddressKind) -> Bool {
        network.contains(address) && (kind != .metadata || network.isSingle)
    }

    private static func rule(for address: IPAddress, as url: EgressURL) -> String {
        let host = address.version4 == nil ? "[\(address)]" : "\(address)"
        return (try? EgressRule("\(url.scheme.rawValue)://\(host):\(url.port)"))?.text ?? host
    }

    private static func names(_ rule: EgressRule.Host, _ host: EgressURL.Host) -> Bool {
        switch (rule, host) {
        case (.name(let listed), .name(let name)): listed == name
        case (.below(let listed), .name(let name)): name.hasSuffix(".\(listed)")
        case (.network(let network), .address(let address)): network.contains(address)
        default: false
        }
    }
}
