package import Domain

/// What one node says of itself and what nodes pass on about it: the thing that is gossiped.
///
/// A report is versioned by its origin: (``incarnation``, ``sequence``) names one state of one node. Only ``state`` and
/// ``incarnation`` are ever changed by others (to accuse or to remove a node); the rest is the node's own word.
package struct NodeReport: Hashable, Sendable {
    /// Longest address, in bytes.
    package static let addressLimit = 256
    /// Bundles that ``warm`` tells of.
    package static let warmLimit = 256
    /// Layers that ``sandbox`` tells of, labels and accelerators of the description.
    package static let listLimit = 64
    /// Longest ``software`` and ``energyMethod``, in bytes.
    package static let textLimit = 128
    /// Incarnations are below it; far beyond any clock (2^62 microseconds are 146,000 years).
    package static let incarnationLimit: UInt64 = 1 << 62

    /// What the node is and where it stands.
    package let description: NodeDescription
    /// `https://HOST:PORT` of its peer interface.
    package let address: String
    /// Version of the software.
    package let software: String
    /// When it started.
    package let started: Timestamp
    /// Which life of the node this is: its start in microseconds since 1970, raised by itself to refute a suspicion.
    package internal(set) var incarnation: UInt64
    /// How it stands.
    package internal(set) var state: MemberState
    /// How busy it is.
    package internal(set) var load: NodeLoad
    /// Idle instances by the digest of their bundle as text; of more than 256 those with most instances.
    package internal(set) var warm: [String: Int]
    /// Share of its CPU time that is busy, 0 to 1.
    package internal(set) var utilisation: Double
    /// Power that it takes, in watts.
    package internal(set) var watts: Double
    /// How the power is known, for example `rapl` or `model`.
    package internal(set) var energyMethod: String
    /// The layers of the sandbox that it has.
    package internal(set) var sandbox: [SandboxLayer]
    /// What it does.
    package let roles: [NodeRole]
    /// Counts the reports of one incarnation.
    package internal(set) var sequence: UInt64

    /// Its name, unique on a continuum.
    package var name: NodeName { description.name }

    /// Takes a report; throws when it is larger than a report may be or its address is not one.
    ///
    /// Numbers that are not finite or negative become 0; of `warm` at most ``warmLimit`` are kept.
    package init(
        description: NodeDescription,
        address: String,
        software: String,
        started: Timestamp,
        incarnation: UInt64? = nil,
        state: MemberState = .alive,
        load: NodeLoad = .init(),
        warm: [String: Int] = [:],
        utilisation: Double = 0,
        watts: Double = 0,
        energyMethod: String = "model",
        sandbox: [SandboxLayer] = [],
        roles: [NodeRole] = [.gateway, .executor],
        sequence: UInt64 = 0
    ) throws(Invalid) {
        try Self.check(address: address)
        let incarnation = incarnation ?? UInt64(clamping: started.microseconds)
        guard incarnation < Self.incarnationLimit else {
            throw Invalid("incarnation", "\(incarnation) is beyond all clocks")
        }
        guard software.utf8.count <= Self.textLimit, energyMethod.utf8.count <= Self.textLimit else {
            throw Invalid("software", "and energyMethod have at most \(Self.textLimit) bytes each")
        }
        let counts = [sandbox.count, roles.count, description.labels.count, description.accelerators.count]
        guard counts.allSatisfy({ $0 <= Self.listLimit }) else {
            throw Invalid("report", "has lists of more than \(Self.listLimit) entries")
        }
        guard sandbox.allSatisfy({ ($0.layer + $0.detail + ($0.remedy ?? "")).utf8.count <= 4 * Self.textLimit }) else {
            throw Invalid("sandbox", "has at most \(4 * Self.textLimit) bytes of text about a layer")
        }
        self.description = description
        self.address = address
        self.software = software
        self.started = started
        self.incarnation = incarnation
        self.state = state
        self.load = Self.bounded(load)
        self.warm = Self.bounded(warm)
        self.utilisation = Self.share(utilisation)
        self.watts = Self.positive(watts)
        self.energyMethod = energyMethod
        self.sandbox = sandbox
        self.roles = roles
        self.sequence = sequence
    }

    /// Refuses what is not the address of a peer interface.
    package static func check(address: String) throws(Invalid) {
        guard address.hasPrefix("https://"), (9...addressLimit).contains(address.utf8.count),
            address.utf8.allSatisfy({ (0x21..<0x7f).contains($0) })
        else {
            let shown = Printable.text(address)
            throw Invalid("address", "'\(shown)' is not https://HOST:PORT of at most \(addressLimit) bytes")
        }
    }

    static func share(_ value: Double) -> Double { min(positive(value), 1) }
    static func positive(_ value: Double) -> Double { value.isFinite ? max(value, 0) : 0 }

    static func bounded(_ load: NodeLoad) -> NodeLoad {
        var load = load
        load.utilisation = share(load.utilisation)
        load.carbonIntensity = load.carbonIntensity.map(positive)
        return load
    }

    /// The largest entries, and among equal ones those whose digest comes first, so that all nodes keep the same.
    static func bounded(_ warm: [String: Int]) -> [String: Int] {
        let known = warm.filter { $0.value > 0 && $0.key.utf8.count <= textLimit }
        guard known.count > warmLimit else { return known }
        let largest = known.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(warmLimit)
        return Dictionary(largest.map { ($0.key, $0.value) }) { first, _ in first }
    }
}
