import Domain

/// What a membership holds of another node.
struct PeerRecord: Sendable {
    /// What changes of which the outside is told.
    struct Standing: Equatable {
        let state: MemberState
        let isUsable: Bool
        let isForgotten: Bool
        let incarnation: UInt64
        let address: String
    }

    /// What all reports of it say together: this is passed on.
    private(set) var report: NodeReport
    /// What it last said of itself to this node; nil until they met.
    ///
    /// Where there is one, hearsay is no longer believed: who passes it on may have been taken over.
    private var own: NodeReport?
    /// The last load, be it reported or carried by an answer.
    private(set) var load: NodeLoad
    /// What it last said of itself to this node that nobody else had a part in.
    private var declared: (incarnation: UInt64, sequence: UInt64, state: MemberState)?
    private(set) var health = PeerHealth()
    var link = LinkMeter()
    var schedule: ProbeSchedule
    var lastHeard: UInt64?
    /// Since when it is dead, left or removed.
    private(set) var goneSince: UInt64?
    /// Whether it is gone for so long that it is shown no more.
    private(set) var isForgotten = false
    /// When a second node of its name was last complained of.
    var lastConflict: UInt64?
    /// The incarnation that this node accused.
    private var accused: UInt64?

    init(_ report: NodeReport, isDirect: Bool, now: UInt64) {
        self.report = report
        if isDirect {
            own = report
            lastHeard = now
        }
        self.load = report.load
        self.schedule = ProbeSchedule(first: now)
        settle(now)
    }

    /// How it stands as seen here: what it and operators decided, else what was measured, else what is said.
    var state: MemberState {
        if report.state.rank >= MemberState.left.rank { return report.state }
        switch health.state {
        case .unknown: return report.state
        case .alive: return isDraining ? .draining : .alive
        case .suspect: return .suspect
        case .dead: return .dead
        }
    }

    /// What is believed of it: its own word where it was met, with what is said of its state.
    var believed: NodeReport {
        guard var own else { return report }
        own.incarnation = report.incarnation
        own.state = report.state
        return own
    }

    /// Where it said that it is; nil until it was met.
    var ownAddress: String? { own?.address }

    /// Where to look for it: where it was, and while it does not answer there by turns where others say that it is.
    var probeAddress: String {
        guard let own else { return report.address }
        return health.state == .alive || health.failures.isMultiple(of: 2) ? own.address : report.address
    }

    var isUsable: Bool { own != nil && health.state == .alive && state == .alive }

    var standing: Standing {
        .init(
            state: state,
            isUsable: isUsable,
            isForgotten: isForgotten,
            incarnation: report.incarnation,
            address: believed.address
        )
    }

    /// Whether it drains, by its last word to this node.
    private var isDraining: Bool { (declared?.state ?? report.state) == .draining }

    /// Whether it is to be probed at all.
    var isProbed: Bool { report.state.rank < MemberState.left.rank }

    /// Nanoseconds from one probe to the next: about a second, faster in doubt, and rarer the longer it is dead.
    var interval: UInt64 {
        switch health.state {
        case .alive: Membership.probeInterval
        case .suspect: ProbeSchedule.hurriedInterval
        case .unknown: Membership.backoff(afterFailures: health.failures)
        case .dead: Membership.backoff(afterFailures: health.failures - PeerHealth.deathFailures + 1)
        }
    }

    /// Takes what is said of it; returns whether that was news which others should hear soon.
    mutating func hear(_ heard: NodeReport, isDirect: Bool, now: UInt64) -> Bool {
        // Who left tells everybody, and then does not answer: of one that does it is not believed.
        if !isDirect, heard.state == .left, health.state == .alive {
            schedule.hurry(now)
            return false
        }
        let merged = report.merged(with: heard)
        let isNewer = (merged.incarnation, merged.sequence) != (report.incarnation, report.sequence)
        let isNews = merged.incarnation != report.incarnation || merged.state != report.state
        report = merged
        if isDirect, own.map({ ($0.incarnation, $0.sequence) <= (heard.incarnation, heard.sequence) }) ?? true {
            own = heard
            load = heard.load
        } else if own == nil, isNewer {
            load = merged.load
        }
        guard isDirect else {
            // Bad news of one that answers, and good news of one that does not, are checked at once.
            if isNews, isProbed, merged.state.rank > 0 || health.state != .alive { revive(now) }
            return isNews
        }
        lastHeard = now
        let last = declared.map { ($0.incarnation, $0.sequence) } ?? (0, 0)
        if heard.state.rank == 0, (heard.incarnation, heard.sequence) >= last {
            declared = (heard.incarnation, heard.sequence, heard.state)
        }
        if health.state != .alive, isProbed { revive(now) }
        return isNews
    }

    mutating func carried(_ load: NodeLoad, now: UInt64) {
        self.load = NodeReport.bounded(load)
        self.load.warm = nil
        lastHeard = now
        health.answeredCall(now)
    }

    mutating func answered(roundTrip: UInt64, now: UInt64) {
        link.roundTrip(roundTrip, now: now)
        health.succeeded(now)
    }

    mutating func probeFailed(now: UInt64, spread: UInt64) {
        measure { $0.failed(now) }
        schedule.plan(after: interval, now: now, spread: spread)
    }

    mutating func timePassed(now: UInt64) { measure { $0.passed(now) } }

    /// This node itself stood still for `duration`.
    mutating func excuse(_ duration: UInt64, now: UInt64) {
        health.excuse(duration, now: now)
        schedule.excuse(duration, now: now)
    }

    mutating func callFailed(now: UInt64) {
        measure { $0.lostCall(now) }
        if health.state != .dead { schedule.hurry(now) }
    }

    mutating func remove(incarnation: UInt64) {
        report.incarnation = max(report.incarnation, incarnation)
        report.state = .removed
    }

    /// Notes since when it is gone.
    mutating func settle(_ now: UInt64) {
        if state.isGone {
            goneSince = goneSince ?? now
        } else {
            goneSince = nil
        }
        isForgotten = isGone(for: Membership.memory, now: now)
    }

    /// Whether the passing of time may change it.
    func isAffected(by now: UInt64) -> Bool {
        schedule.isExpired(now) || health.isAffected(by: now) || isGone(for: Membership.memory, now: now)
    }

    /// Whether it has been gone for `span` nanoseconds.
    func isGone(for span: UInt64, now: UInt64) -> Bool { goneSince.map { now >= $0 + span } ?? false }

    private mutating func revive(_ now: UInt64) {
        schedule.hurry(now)
        if isForgotten { goneSince = now }
    }

    /// Measures, and accuses a peer that fell.
    ///
    /// It is accused once a fall: after it refuted, one that only this node cannot reach is left in peace.
    private mutating func measure(_ event: (inout PeerHealth) -> Void) {
        let before = health.state
        event(&health)
        guard health.state != before else { return }
        if before == .alive { accused = report.incarnation }
        let verdict: MemberState = health.state == .dead ? .dead : .suspect
        if accused == report.incarnation, report.state.rank < verdict.rank { report.state = verdict }
    }
}
