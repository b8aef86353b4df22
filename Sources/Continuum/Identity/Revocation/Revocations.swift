import Crypto
package import Domain

/// Which certificates no longer count although their time is not over.
///
/// Every node holds a copy and merges those of its peers; copies that have seen the same revocations are the same, in
/// whatever order they saw them. At most 1024 certificates and 1024 names are kept: of more, those certificates that end
/// first and those names that were removed first are forgotten.
package struct Revocations: Hashable, Sendable, Codable {
    private var certificates = BoundedUnion<Revocation>()
    private var names = BoundedUnion<Revocation>()
    /// Grows whenever this copy changes, and never shrinks; two copies may differ although theirs are equal.
    package private(set) var revision: UInt64 = 0

    /// Nothing is revoked.
    package init() {}

    /// Revokes one certificate.
    package mutating func revoke(_ certificate: PeerCertificate, reason: String, at now: Timestamp) {
        change { copy in
            let revocation = Revocation(reason: reason, time: now, expires: certificate.notAfter)
            copy.certificates.insert(revocation, for: certificate.serial)
        }
    }

    /// Removes a node: all certificates that were issued to that name until now are revoked.
    ///
    /// The name can be given again; ``issueTime(for:at:)`` says from when on.
    package mutating func remove(_ name: NodeName, reason: String, at now: Timestamp) {
        change { copy in
            copy.names.insert(Revocation(reason: reason, time: now, expires: nil), for: name.text)
        }
    }

    /// Adds what another copy knows; says whether that was anything new.
    @discardableResult package mutating func merge(_ other: Revocations) -> Bool {
        let before = self
        certificates.merge(other.certificates)
        names.merge(other.names)
        let isNewHere = !holdsSame(as: before)
        let isNewThere = !holdsSame(as: other)
        revision = max(before.revision &+ (isNewHere ? 1 : 0), other.revision &+ (isNewThere ? 1 : 0))
        return isNewHere
    }

    /// Whether a certificate is revoked, by itself or with its node's name.
    package func isRevoked(_ certificate: PeerCertificate) -> Bool { revocation(of: certificate) != nil }

    /// Why and when a certificate was revoked; nil when it was not.
    package func revocation(of certificate: PeerCertificate) -> Revocation? {
        if let own = certificates[certificate.serial] { return own }
        guard let removal = names[certificate.name.text], certificate.issued <= removal.time else { return nil }
        return removal
    }

    /// The time at which to issue the next certificate to a name: now, or just after the name's removal.
    ///
    /// A certificate states whole seconds, so one issued in the second of the removal would count as removed.
    package func issueTime(for name: NodeName, at now: Timestamp) -> Timestamp {
        guard let removal = names[name.text] else { return now }
        return max(now, removal.time.advanced(by: .seconds(1)))
    }

    /// Whether both know of the same revocations, whatever their revisions are.
    package func holdsSame(as other: Revocations) -> Bool {
        certificates == other.certificates && names == other.names
    }

    /// SHA-256 of all that is revoked, in hexadecimal: copies with equal digests need not be exchanged.
    package var digest: String {
        var hash = SHA256()
        for (kind, union) in [("certificate", certificates), ("name", names)] {
            for (key, entry) in union.entries.sorted(by: { $0.key < $1.key }) {
                let expires = entry.expires?.text ?? "-"
                hash.update(data: Array("\(kind) \(key) \(entry.time) \(expires) \(entry.reason)\n".utf8))
            }
        }
        return Hex.text(hash.finalize())
    }

    private mutating func change(_ body: (inout Revocations) -> Void) {
        let before = self
        body(&self)
        if !holdsSame(as: before) { revision &+= 1 }
    }
}
