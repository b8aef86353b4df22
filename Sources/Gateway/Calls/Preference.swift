package import Domain

/// What a caller prefers, within what the operator allows.
package enum Preference {
    /// The header, in lower case: `Godwit-Prefer: energy`.
    package static let header = "godwit-prefer"

    /// The weight that a header's value names; nil when there is no header.
    package static func of(_ asked: String?) throws(Invalid) -> WeightKind? {
        guard let asked else { return nil }
        guard let kind = WeightKind(rawValue: asked.trimmingSpaces.lowercased()) else {
            let known = WeightKind.allCases.map(\.rawValue)
            throw Invalid(
                "Godwit-Prefer",
                "'\(Printable.text(asked))' is not known; \(NearestName.hint(for: asked, among: known))"
            )
        }
        return kind
    }
}
