/// How placement is done, as far as an operator sets it.
package struct PlacementSettings: Hashable, Sendable {
    /// The policy that picks.
    package var policy: PolicyKind
    /// A policy that only watches: what it would have picked is recorded.
    package var shadow: PolicyKind?
    /// Share of calls that go to a less known node in order to learn, 0 to 0.1.
    package var explorationRate: Double {
        didSet { explorationRate = Self.held(explorationRate, 0.1) }
    }
    /// Candidates whose scores are this close to the best count as equally good: a share of the best's, 0 to 0.5.
    package var tieMargin: Double {
        didSet { tieMargin = Self.held(tieMargin, 0.5) }
    }
    /// Share of a function's calls that may miss its objective before missing it costs more; nil: what its quantile
    /// leaves.
    package var violationShare: Double? {
        didSet { violationShare = violationShare.map { Self.held($0, 1) } }
    }

    /// Settings, of which each is held within its range.
    package init(
        policy: PolicyKind = .adaptive,
        shadow: PolicyKind? = nil,
        explorationRate: Double = 0.01,
        tieMargin: Double = 0.02,
        violationShare: Double? = nil
    ) {
        self.policy = policy
        self.shadow = shadow
        self.explorationRate = Self.held(explorationRate, 0.1)
        self.tieMargin = Self.held(tieMargin, 0.5)
        self.violationShare = violationShare.map { Self.held($0, 1) }
    }

    private static func held(_ value: Double, _ limit: Double) -> Double {
        value.isFinite ? min(max(value, 0), limit) : 0
    }
}
