import Continuum
import Domain
import Gateway

/// What a node keeps of its continuum as files: who it is, and on the founder the authority's key.
struct ContinuumFolder: Sendable {
    /// Where a node that joined finds the others.
    struct Acquaintance: Codable, Sendable {
        let founder: JoinPeer
        let peers: [JoinPeer]
    }

    let path: String

    private var key: String { "\(path)/node.key" }
    private var certificate: String { "\(path)/node.pem" }
    private var authority: String { "\(path)/authority.pem" }
    private var authorityKey: String { "\(path)/authority.key" }
    private var acquaintance: String { "\(path)/founder.json" }

    /// Whether this node belongs to a continuum.
    var isThere: Bool { Machine.read(certificate) != nil }

    /// The identity that was kept; nil when there is none.
    func identity(at now: Timestamp) throws -> NodeIdentity? {
        guard let leaf = text(certificate) else { return nil }
        guard let key = text(key), let authority = text(authority) else {
            throw Invalid("data", "'\(path)' has a certificate without its key or authority; join again")
        }
        return try NodeIdentity(key: key, certificate: leaf, authority: authority, at: now)
    }

    /// The authority whose key is kept here; nil on a node that joined.
    func keptAuthority() throws -> ContinuumAuthority? {
        guard let key = text(authorityKey), let certificate = text(authority) else { return nil }
        return try ContinuumAuthority(certificate: certificate, key: key)
    }

    /// Whom a node that joined was told of.
    func kept() throws -> Acquaintance? {
        guard let bytes = Machine.read(acquaintance) else { return nil }
        return try JSON.decode(Acquaintance.self, from: bytes)
    }

    func keep(_ authority: ContinuumAuthority) throws {
        try write(authority.keyPEM, to: authorityKey, mode: 0o600)
        try write(authority.certificatePEM, to: self.authority, mode: 0o644)
    }

    func keep(key: String, certificate: String, authority: String) throws {
        try write(key, to: self.key, mode: 0o600)
        try write(authority, to: self.authority, mode: 0o644)
        // Last, because it is what says that the node belongs to a continuum.
        try write(certificate, to: self.certificate, mode: 0o644)
    }

    /// Keeps whom a node that joined follows; an authority of its own, which it had founded before, goes.
    func keep(_ acquaintance: Acquaintance) throws {
        Machine.remove(authorityKey)
        try write(String(decoding: JSON.encode(acquaintance), as: UTF8.self), to: self.acquaintance, mode: 0o600)
    }

    private func text(_ path: String) -> String? { Machine.read(path).map { String(decoding: $0, as: UTF8.self) } }

    private func write(_ text: String, to path: String, mode: UInt32) throws {
        guard Machine.write(Array(text.utf8), to: path, mode: mode) else {
            throw Invalid("data", "'\(path)' cannot be written")
        }
    }
}
