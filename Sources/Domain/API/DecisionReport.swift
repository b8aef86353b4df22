/// Why a call was placed where it was: the body of `GET /v1/executions/{id}/decision`.
package struct DecisionReport: Hashable, Sendable, Codable {
    package let execution: ExecutionID
    package let function: FunctionName
    package let version: VersionNumber
    package let decided: Timestamp
    /// The node that decided.
    package let decidedBy: NodeName
    /// The policy that picked.
    package let policy: String
    /// The model's schema and state: `additive-1/r1204`, the number of observations it had learned from.
    package let model: String
    package let weights: Weights
    package let weightRevision: Int
    /// What the caller preferred, where it said so.
    package let preference: WeightKind?
    package let objective: Objective?
    /// What missing the objective costs at the moment: rises while it is missed too often.
    package let lambda: Double
    package let references: ScoreReferences
    /// Bytes of the request's body as far as they were known.
    package let requestBytes: UInt64
    /// The node that was picked; nil when no candidate may run the call.
    package let chosen: NodeName?
    package let runnerUp: NodeName?
    /// Whether another than the best was tried in order to learn.
    package let isExploration: Bool
    /// The probability with which this choice was made.
    package let propensity: Double
    /// What the choice took, in nanoseconds.
    package let tookNanoseconds: UInt64
    /// Why, in one sentence.
    package let reason: String
    /// The best candidates, best first.
    package let candidates: [CandidateReport]
    /// Candidates beyond those.
    package let moreCandidates: Int
    package let excluded: [ExclusionReport]
    package let moreExcluded: Int
    /// What would have changed the choice.
    package let counterfactuals: [Counterfactual]
    package let shadow: ShadowChoice?
    /// How it went, once that is known.
    package var observed: ObservedOutcome?

    package init(
        execution: ExecutionID,
        function: FunctionName,
        version: VersionNumber,
        decided: Timestamp,
        decidedBy: NodeName,
        policy: String,
        model: String,
        weights: Weights,
        weightRevision: Int,
        preference: WeightKind?,
        objective: Objective?,
        lambda: Double,
        references: ScoreReferences,
        requestBytes: UInt64,
        chosen: NodeName?,
        runnerUp: NodeName?,
        isExploration: Bool,
        propensity: Double,
        tookNanoseconds: UInt64,
        reason: String,
        candidates: [CandidateReport],
        moreCandidates: Int,
        excluded: [ExclusionReport],
        moreExcluded: Int,
        counterfactuals: [Counterfactual],
        shadow: ShadowChoice?,
        observed: ObservedOutcome? = nil
    ) {
        self.execution = execution
        self.function = function
        self.version = version
        self.decided = decided
        self.decidedBy = decidedBy
        self.policy = policy
        self.model = model
        self.weights = weights
        self.weightRevision = weightRevision
        self.preference = preference
        self.objective = objective
        self.lambda = lambda
        self.references = references
        self.requestBytes = requestBytes
        self.chosen = chosen
        self.runnerUp = runnerUp
        self.isExploration = isExploration
        self.propensity = propensity
        self.tookNanoseconds = tookNanoseconds
        self.reason = reason
        self.candidates = candidates
        self.moreCandidates = moreCandidates
        self.excluded = excluded
        self.moreExcluded = moreExcluded
        self.counterfactuals = counterfactuals
        self.shadow = shadow
        self.observed = observed
    }
}
