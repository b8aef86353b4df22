import Domain

/// What is known of a node beside its description: its load, the way to it, and what was learned on it.
struct NodeState: Sendable {
    /// Begun calls that are remembered to tell which of them a report cannot know of yet.
    private static let recentLimit = 256
    /// Functions that are listed as touched.
    private static let touchLimit = 64

    /// A number that stays the node's own while it is known.
    let key: UInt32
    let isLocal: Bool
    let classIndex: Int
    let tierIndex: Int
    var availability = Availability.available
    private(set) var load = NodeLoad()
    private(set) var reported: UInt64 = 0
    private(set) var link: LinkEstimate?
    var failures = FailureModel()
    var energy = EnergyCalibration()
    /// Milliseconds that calls run there, whatever the function.
    private(set) var serviceTime: Double?
    /// How much of the predicted wait comes true: κ.
    private var waiting = RecursiveLeastSquares<1>(prior: [1], priorVariance: 0.05, forgetting: 0.99)
    /// Own calls that are there.
    private(set) var inFlight = 0
    /// Own calls that came and went since the load was reported.
    private var change = 0
    private var recent: [UInt64] = []
    /// Idle instances by bundle, as reported last; nil when no report was complete.
    private(set) var warm: [Digest: Int]?
    /// Functions whose idle instances are not what the last complete report says; nil when these are too many to list.
    private var touched: [Int]? = []

    init(key: UInt32, isLocal: Bool, classIndex: Int, tierIndex: Int) {
        self.key = key
        self.isLocal = isLocal
        self.classIndex = classIndex
        self.tierIndex = tierIndex
    }

    /// The same node with another number of its tier, and if it is of another class with nothing learned.
    func moved(toClass classIndex: Int, tier tierIndex: Int) -> NodeState {
        var state = NodeState(key: key, isLocal: isLocal, classIndex: classIndex, tierIndex: tierIndex)
        state.availability = availability
        state.load = load
        state.reported = reported
        state.link = link
        state.inFlight = inFlight
        state.change = change
        state.recent = recent
        state.warm = warm
        state.touched = touched
        guard classIndex == self.classIndex else { return state }
        state.failures = failures
        state.energy = energy
        state.serviceTime = serviceTime
        state.waiting = waiting
        return state
    }

    /// κ, from a tenth to four times what is predicted.
    var kappa: Double { min(max(waiting.coefficients[0], 0.1), 4) }

    /// The standing that follows from availability and failures; the deciding node itself is never left out for these.
    var standing: NodeStanding {
        if case .unavailable(let reason) = availability { return .unavailable(reason: reason) }
        guard failures.isFailing, !isLocal else { return .available }
        // In steps of 5 %, so that decisions share one list of nodes while the share moves by less.
        return .failing(share: Double(Int(failures.probability * 20 + 0.5)) / 20)
    }

    // MARK: - Load

    /// Takes a report that arrived at `now`, in nanoseconds; false when a later one is known.
    mutating func report(_ load: NodeLoad, at now: UInt64) -> Bool {
        guard now >= reported else { return false }
        self.load = load
        reported = now
        // What began within the last round trip had not arrived there when the report was written.
        let roundTrip = UInt64(min(max(link?.roundTripMilliseconds ?? 0, 0), 60_000) * 1e6)
        recent.removeAll { $0 &+ roundTrip <= now }
        change = recent.count
        return true
    }

    /// An own call goes there.
    mutating func began(at now: UInt64) {
        inFlight += 1
        change += 1
        if recent.count == Self.recentLimit { recent.removeFirst() }
        recent.append(now)
    }

    /// An own call is over.
    mutating func ended() {
        inFlight = max(0, inFlight - 1)
        change -= 1
    }

    /// Calls that are there: as reported, with what changed since, and at least the own ones.
    var active: Int { max(inFlight, load.busy + load.queued + change) }

    /// Takes a complete report of idle instances.
    ///
    /// Returns the functions whose count may have changed beside those that the report names; nil when that may be all.
    mutating func exchange(_ warm: [Digest: Int]) -> [Int]? {
        defer {
            self.warm = warm
            touched = []
        }
        return self.warm == nil ? nil : touched
    }

    /// Notes that a function's idle instances are no longer what a complete report says.
    mutating func touch(_ function: Int) {
        guard let count = touched?.count, touched?.last != function else { return }
        if count == Self.touchLimit { touched = nil } else { touched?.append(function) }
    }

    /// Takes a measurement of the way there.
    mutating func measured(_ link: LinkEstimate) { self.link = link }

    // MARK: - Learning

    /// Learns that a call ran there for some milliseconds.
    mutating func observeService(_ milliseconds: Double) {
        serviceTime = serviceTime.map { $0 + 0.05 * (milliseconds - $0) } ?? milliseconds
    }

    /// Learns what a call waited, where `predicted` was expected with the present κ; both as shares of its running time.
    mutating func observeWait(_ observed: Double, predicted: Double) {
        guard predicted > 0.01, observed.isFinite else { return }
        waiting.observe([predicted / kappa], min(max(observed, 0), 100))
    }
}
