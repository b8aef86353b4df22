import Domain

/// A value on a node that counts its changes, so that nobody overwrites what somebody else changed meanwhile.
protocol Revised: Decodable, Sendable {
    /// Where it is got.
    static var path: String { get }
    /// What to call it, as in "the weights".
    static var noun: String { get }
    /// The command that shows it.
    static var showing: String { get }

    var revision: Int { get }
    /// What there is, for whoever was too late: short lines.
    func summary(now: Timestamp) -> [String]
}

extension KnobList: Revised {
    static var path: String { "/v1/knobs" }
    static var noun: String { "the knobs" }
    static var showing: String { "godwit knobs" }

    func summary(now: Timestamp) -> [String] { ["revision \(revision)"] + KnobsText.table(knobs) }
}

extension WeightRevision: Revised {
    static var path: String { "/v1/weights" }
    static var noun: String { "the weights" }
    static var showing: String { "godwit weights" }

    func summary(now: Timestamp) -> [String] { WeightsText.facts(self, now: now) + WeightsText.table(self.table) }
}
