/// Whether calls are sent to a peer, by how the last ones went.
///
/// It opens after 5 failures in a row, or when more than a fifth of the last 100 calls failed (of 20 at least), lets one
/// call through after a second, doubled up to a minute by every failure of it, and closes after 2 that succeed. Failures
/// are those of the peer or the way to it, not those of functions. Times are monotonic nanoseconds.
package struct CircuitBreaker: Equatable, Sendable {
    /// What is let through.
    private enum Phase: Equatable {
        /// All calls. Legal next: `open`.
        case closed
        /// None before `until`. Legal next: `halfOpen`.
        case open(until: UInt64)
        /// One at a time; `trial` is since when it is under way. Legal next: `closed`, `open`.
        case halfOpen(successes: Int, trial: UInt64?)
    }

    /// Failures in a row that open it.
    package static let failureLimit = 5
    /// Calls that are looked back on, and how many there must be before their share of failures counts.
    package static let outcomes = 20...100
    /// Successful trials that close it.
    package static let trials = 2
    /// Time before the first trial and at most, in nanoseconds, before jitter of a fifth up or down.
    package static let pauses: ClosedRange<UInt64> = 1_000_000_000...60_000_000_000
    /// A trial of which nothing was heard for so long is given up, in nanoseconds.
    package static let trialLimit: UInt64 = 60_000_000_000

    private var phase = Phase.closed
    /// One bit a call, 1 for a failure, the last call lowest.
    private var history: UInt128 = 0
    private var count = 0
    /// Openings without a closing between.
    private var openings: UInt64 = 0

    /// A closed one.
    package init() {}

    /// `closed` (calls flow), `open` (none are sent) or `half-open` (one is tried), as in the API.
    package var state: String {
        switch phase {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "half-open"
        }
    }

    /// Whether a call may be sent now; one that may must be sent, and its outcome told.
    package mutating func mayCall(_ now: UInt64) -> Bool {
        switch phase {
        case .closed:
            return true
        case .open(let until):
            guard now >= until else { return false }
            phase = .halfOpen(successes: 0, trial: now)
            return true
        case .halfOpen(let successes, let trial):
            if let trial, now < trial + Self.trialLimit { return false }
            phase = .halfOpen(successes: successes, trial: now)
            return true
        }
    }

    /// A call succeeded.
    package mutating func succeeded() {
        switch phase {
        case .closed:
            record(failure: false)
        case .open: break  // A call from before it opened.
        case .halfOpen(let successes, _):
            if successes + 1 >= Self.trials {
                self = CircuitBreaker()
            } else {
                phase = .halfOpen(successes: successes + 1, trial: nil)
            }
        }
    }

    /// A call failed.
    package mutating func failed(_ now: UInt64, using rng: inout some RandomNumberGenerator) {
        switch phase {
        case .closed:
            record(failure: true)
            if isFailing { open(now, using: &rng) }
        case .open: break  // A call from before it opened.
        case .halfOpen: open(now, using: &rng)
        }
    }

    private var isFailing: Bool {
        let row = (UInt128(1) << UInt128(Self.failureLimit)) - 1
        if count >= Self.failureLimit, history & row == row { return true }
        return count >= Self.outcomes.lowerBound && history.nonzeroBitCount * 5 > count
    }

    private mutating func record(failure: Bool) {
        let mask = (UInt128(1) << UInt128(Self.outcomes.upperBound)) - 1
        history = (history << 1 | (failure ? 1 : 0)) & mask
        count = min(count + 1, Self.outcomes.upperBound)
    }

    private mutating func open(_ now: UInt64, using rng: inout some RandomNumberGenerator) {
        let pause = min(Self.pauses.lowerBound << min(openings, 6), Self.pauses.upperBound)
        openings += 1
        phase = .open(until: now + UInt64.random(in: pause - pause / 5...pause + pause / 5, using: &rng))
    }
}
