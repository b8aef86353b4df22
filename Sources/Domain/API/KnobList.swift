/// The body of `GET /v1/knobs`, and the answer to `PUT /v1/knobs`.
package struct KnobList: Hashable, Sendable, Codable {
    /// The body of `PUT /v1/knobs`: new values by name; what is not named stays as it is.
    package struct Change: Hashable, Sendable, Codable {
        package let values: [String: Double]

        package init(values: [String: Double]) { self.values = values }
    }

    /// Counts the changes; goes up with each.
    package let revision: Int
    package let knobs: [Knob]

    package init(revision: Int, knobs: [Knob]) {
        self.revision = revision
        self.knobs = knobs
    }

    /// The value of its `ETag` and of `If-Match`: `"7"`.
    package var entityTag: String { "\"\(revision)\"" }

    /// The list with that change made; throws which name is not known, or which value is out of bounds.
    ///
    /// All of the change is made or nothing.
    package func making(_ change: Change) throws(Invalid) -> KnobList {
        for name in change.values.keys.sorted() where !knobs.contains(where: { $0.name == name }) {
            let hint = NearestName.hint(for: name, among: knobs.map(\.name))
            throw Invalid("knobs", "'\(Printable.text(name))' is not known; \(hint)")
        }
        var turned: [Knob] = []
        for knob in knobs {
            turned.append(
                try change.values[knob.name].map { (value) throws(Invalid) in try knob.turned(to: value) } ?? knob
            )
        }
        return KnobList(revision: revision + 1, knobs: turned)
    }
}
