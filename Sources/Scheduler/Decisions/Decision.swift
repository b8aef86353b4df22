package import Domain

/// Where a call was placed, with all that is needed to explain and to repeat it: a compact record.
///
/// It keeps the best eight candidates and the chosen one as they were scored. Nodes are numbers in an immutable list that
/// decisions share. The call, the log of decisions and what is observed of it refer to the same one.
package final class Decision: Sendable {
    /// The policy that picked.
    package let policy: PolicyKind
    /// The probability with which this choice was made; 0 without one.
    package let propensity: Double
    /// Whether another than the best was tried in order to learn.
    package let isExploration: Bool
    /// Whether that was one of which what is known may be out of date, and which is not safe by it.
    package let isProbe: Bool
    /// Candidates that could have run the call.
    package let candidateCount: Int
    /// What the caller would rather have, where it said so.
    package let preference: WeightKind?
    /// Bytes of the request's body as far as they were known.
    package let requestBytes: UInt64
    /// When it was made, in nanoseconds of the clock of the question.
    package let now: UInt64

    let fleet: Fleet
    let profile: FunctionProfile
    let scoring: Scoring
    /// The best candidates, best first, and the chosen one if it is none of these.
    let rows: [CandidateRow]
    /// The number of the chosen one's row; nil when no candidate may run the call.
    let chosenRow: Int?
    let origin: Site?
    let barred: [NodeName: String]
    let staysLocal: Bool
    let weightRevision: Int
    let observations: Int
    let shadow: PolicyKind?
    let shadowSlot: Int?

    init(
        policy: PolicyKind,
        propensity: Double,
        isExploration: Bool,
        isProbe: Bool,
        candidateCount: Int,
        preference: WeightKind?,
        requestBytes: UInt64,
        now: UInt64,
        fleet: Fleet,
        profile: FunctionProfile,
        scoring: Scoring,
        rows: [CandidateRow],
        chosenRow: Int?,
        origin: Site?,
        barred: [NodeName: String],
        staysLocal: Bool,
        weightRevision: Int,
        observations: Int,
        shadow: PolicyKind?,
        shadowSlot: Int?
    ) {
        self.policy = policy
        self.propensity = propensity
        self.isExploration = isExploration
        self.isProbe = isProbe
        self.candidateCount = candidateCount
        self.preference = preference
        self.requestBytes = requestBytes
        self.now = now
        self.fleet = fleet
        self.profile = profile
        self.scoring = scoring
        self.rows = rows
        self.chosenRow = chosenRow
        self.origin = origin
        self.barred = barred
        self.staysLocal = staysLocal
        self.weightRevision = weightRevision
        self.observations = observations
        self.shadow = shadow
        self.shadowSlot = shadowSlot
    }

    /// The node that was picked; nil when no candidate may run the call.
    package var chosen: NodeName? { chosenRow.map { fleet.nodes[Int(rows[$0].slot)].name } }

    /// Whether that is the node that decided.
    package var isLocal: Bool { chosenRow.map { rows[$0].slot == 0 } ?? false }

    /// Predicted milliseconds of the choice, at the median and at the objective's quantile; nil without one.
    package var prediction: (median: Double, tail: Double)? {
        chosenRow.map { (Double(rows[$0].latency), Double(rows[$0].tail)) }
    }

    /// The row of a node; nil when it is not in the record.
    func row(of name: NodeName) -> CandidateRow? {
        rows.first { fleet.nodes[Int($0.slot)].name == name }
    }
}
