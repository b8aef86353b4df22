package import Domain

/// Why and when something was revoked.
package struct Revocation: Hashable, Sendable, Codable {
    /// Longest reason that is kept, in characters.
    package static let maximumReason = 200

    /// Why, in the operator's words.
    package let reason: String
    /// When.
    package let time: Timestamp
    /// When the certificate ends by itself; nil where a name is concerned.
    package let expires: Timestamp?

    /// A revocation whose reason is cut to ``maximumReason``, and holds nothing that could upset a terminal.
    ///
    /// Cutting again changes nothing, so that copies that were sent on stay the same.
    package init(reason: String, time: Timestamp, expires: Timestamp?) {
        self.reason = String(Printable.text(reason, limit: .max).prefix(Self.maximumReason))
        self.time = time
        self.expires = expires
    }

    /// Reads a revocation, and cuts its reason again.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            reason: try container.decode(String.self, forKey: .reason),
            time: try container.decode(Timestamp.self, forKey: .time),
            expires: try container.decodeIfPresent(Timestamp.self, forKey: .expires)
        )
    }
}

extension Revocation: Comparable {
    /// The greater one matters for longer: it ends later, or was made later.
    package static func < (left: Self, right: Self) -> Bool {
        (left.expires ?? left.time, left.time, left.reason) < (right.expires ?? right.time, right.time, right.reason)
    }
}
