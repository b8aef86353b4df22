/// Whether a peer answers, as measured by this node alone: the failure detector of one peer.
///
/// A peer falls at its first failed probe or lost call, or after 1.5 s without an answer, and is trusted again only
/// after 2 successful probes in a row. A peer that falls again within a minute of its last fall needs twice as many, up
/// to 8: one that flaps is left alone for longer each time. All times are monotonic nanoseconds.
package struct PeerHealth: Equatable, Sendable {
    /// What the measurements say.
    package enum State: Equatable, Sendable {
        /// Never reached. Legal next: `alive` (an answer), `dead` (three failures).
        case unknown
        /// It answers. Legal next: `suspect`, `dead` (2 s of silence).
        case alive
        /// It failed, or answers again but not yet for long enough. Legal next: `alive`, `dead`.
        case suspect(Cause)
        /// It failed three times in a row or was silent for 2 s. Legal next: `suspect` (an answer).
        case dead
    }

    /// Why a peer is suspect.
    package enum Cause: Equatable, Sendable {
        /// A probe failed or went unanswered.
        case silent
        /// A call lost its connection.
        case callLost
        /// It was dead and answers again.
        case returning
    }

    /// Silence after which a peer is suspect, in nanoseconds.
    package static let suspicionSilence: UInt64 = 1_500_000_000
    /// Silence after which a peer is dead, and age up to which a measurement stands against hearsay, in nanoseconds.
    package static let deathSilence: UInt64 = 2_000_000_000
    /// Failures in a row after which a peer is dead.
    package static let deathFailures = 3
    /// Successes in a row that bring a peer back, at least and at most.
    package static let recovery = 2...8
    /// A fall within this time of the last counts as flapping, in nanoseconds.
    package static let flapWindow: UInt64 = 60_000_000_000

    /// What the measurements say.
    package private(set) var state: State = .unknown
    /// When it last answered.
    package private(set) var lastAnswer: UInt64?
    /// Failed probes in a row.
    package private(set) var failures = 0
    /// Successful probes in a row since it fell.
    package private(set) var successes = 0
    /// How many of them bring it back.
    package private(set) var required = PeerHealth.recovery.lowerBound
    private var lastFall: UInt64?

    /// A peer of which nothing is known.
    package init() {}

    /// A probe was answered.
    package mutating func succeeded(_ now: UInt64) {
        lastAnswer = max(lastAnswer ?? 0, now)
        failures = 0
        switch state {
        case .unknown: state = .alive
        case .alive: break
        case .suspect:
            successes += 1
            if successes >= required { state = .alive }
        case .dead:
            successes = 1
            state = .suspect(.returning)
        }
    }

    /// A call was answered: a sign of life that does not count towards recovery.
    package mutating func answeredCall(_ now: UInt64) { lastAnswer = max(lastAnswer ?? 0, now) }

    /// A probe failed.
    package mutating func failed(_ now: UInt64) {
        failures += 1
        switch state {
        case .alive:
            fall(to: .suspect(.silent), now)
        case .unknown, .suspect:
            successes = 0
            if failures >= Self.deathFailures { state = .dead }
        case .dead: break
        }
    }

    /// A call lost its connection.
    package mutating func lostCall(_ now: UInt64) {
        switch state {
        case .alive: fall(to: .suspect(.callLost), now)
        case .suspect: successes = 0
        case .unknown, .dead: break
        }
    }

    /// Time went by.
    package mutating func passed(_ now: UInt64) {
        let silence = silence(now)
        switch state {
        case .alive:
            if silence >= Self.deathSilence {
                fall(to: .dead, now)
            } else if silence >= Self.suspicionSilence {
                fall(to: .suspect(.silent), now)
            }
        case .suspect:
            if silence >= Self.deathSilence {
                successes = 0
                state = .dead
            }
        case .unknown, .dead: break
        }
    }

    /// Whether ``passed(_:)`` would change it.
    package func isAffected(by now: UInt64) -> Bool {
        switch state {
        case .alive: silence(now) >= Self.suspicionSilence
        case .suspect: silence(now) >= Self.deathSilence
        case .unknown, .dead: false
        }
    }

    /// This node itself stood still for `duration` and could not have heard an answer.
    package mutating func excuse(_ duration: UInt64, now: UInt64) {
        if let last = lastAnswer, last < now { lastAnswer = min(last + duration, now) }
    }

    /// Nanoseconds since the last answer; 0 where there was none.
    package func silence(_ now: UInt64) -> UInt64 {
        guard let lastAnswer, now > lastAnswer else { return 0 }
        return now - lastAnswer
    }

    /// Whether it answered within the last 2 s, so that what others say about it does not count.
    package func isMeasured(_ now: UInt64) -> Bool { lastAnswer != nil && silence(now) < Self.deathSilence }

    private mutating func fall(to state: State, _ now: UInt64) {
        self.state = state
        successes = 0
        let isFlapping = lastFall.map { now < $0 + Self.flapWindow } ?? false
        required = isFlapping ? min(required * 2, Self.recovery.upperBound) : Self.recovery.lowerBound
        lastFall = now
    }
}
