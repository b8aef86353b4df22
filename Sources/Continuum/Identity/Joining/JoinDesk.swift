package import Domain

/// Gives out join tokens and takes each of them back once.
///
/// It is a value without clock or storage: its owner keeps it, as JSON, before acting on what it said. To spend a token
/// only if the certificate could be issued, redeem it on a copy and keep the copy afterwards.
package struct JoinDesk: Hashable, Sendable, Codable {
    /// Most records it holds.
    package static let capacity = 256
    /// Longest time that a token can be good for.
    package static let maximumLifetime = TimeSpan.hours(30 * 24)

    /// The records, oldest first; those of tokens that were used or expired stay until their places are needed.
    package private(set) var records: [JoinTokenRecord] = []

    /// A desk that has given out nothing.
    package init() {}

    /// Makes a token; its text is shown this once and kept nowhere.
    package mutating func invite(
        _ request: InvitationRequest,
        authority: AuthorityCertificate,
        at now: Timestamp,
        using random: inout SystemRandomNumberGenerator
    ) throws(IdentityError) -> (token: JoinToken, record: JoinTokenRecord) {
        guard request.lifetime > .zero, request.lifetime <= Self.maximumLifetime else {
            throw IdentityError(
                .badInvitation,
                "an invitation cannot last \(request.lifetime)",
                advice: "choose more than nothing and at most \(Self.maximumLifetime)"
            )
        }
        try makeRoom(at: now)
        var token = JoinToken.make(for: authority, using: &random)
        while records.contains(where: { $0.id == token.id }) { token = JoinToken.make(for: authority, using: &random) }
        let record = JoinTokenRecord(
            token: token,
            name: request.name,
            tier: request.tier,
            created: now,
            expires: now.advanced(by: request.lifetime)
        )
        records.append(record)
        return (token, record)
    }

    /// Takes a token back from a node that joins, and returns its record, which says the node's tier.
    ///
    /// A token that is refused stays as it was. `tier` is what the node takes itself for, if it says so.
    package mutating func redeem(
        _ text: String,
        for name: NodeName,
        tier: Tier? = nil,
        at now: Timestamp
    ) throws(JoinRefusal) -> JoinTokenRecord {
        guard let token = try? JoinToken(text) else { throw .malformed }
        guard let index = records.firstIndex(where: { $0.id == token.id }) else { throw .unknown }
        let record = records[index]
        guard record.isRecord(of: token) else { throw .wrongSecret(id: token.id) }
        if let used = record.used { throw .used(id: token.id, at: used) }
        guard now < record.expires else { throw .expired(id: token.id, at: record.expires) }
        guard record.name == nil || record.name == name else { throw .wrongName(id: token.id, asked: name) }
        if let tier, tier != record.tier { throw .wrongTier(id: token.id, asked: tier) }
        records[index].used = now
        return records[index]
    }

    /// Takes an invitation back before anyone used it; says whether there was one.
    package mutating func withdraw(id: String) -> Bool {
        guard let index = records.firstIndex(where: { $0.id == id && $0.used == nil }) else { return false }
        records.remove(at: index)
        return true
    }

    /// Drops the oldest expired record, or else the oldest used one, when every place is taken.
    private mutating func makeRoom(at now: Timestamp) throws(IdentityError) {
        while records.count >= Self.capacity {
            let expired = records.firstIndex { $0.expires <= now }
            guard let index = expired ?? records.firstIndex(where: { $0.used != nil }) else {
                throw IdentityError(
                    .badInvitation,
                    "\(Self.capacity) join tokens wait for their nodes",
                    advice: "withdraw some of them, or wait until they expire"
                )
            }
            records.remove(at: index)
        }
    }
}
