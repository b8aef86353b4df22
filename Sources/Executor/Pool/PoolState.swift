package import DequeModule
package import Domain

/// Which call runs on which instance of one version: a pure state machine.
///
/// It is told of arrivals and endings and answers with what is to be done; it starts no process and knows no clock but
/// the times it is given. Instances and calls are numbers here.
package struct PoolState {
    package typealias InstanceID = UInt64
    package typealias CallID = UInt64

    /// What an instance is doing.
    package enum InstanceState: Equatable {
        /// Legal next: `ready`, gone. The call, if there is one, is its own already: it has been sent, to be read as soon as
        /// something can read there.
        case starting(with: CallID?)
        /// Serves `calls`, or has them lying ahead of their turn; 0 means it idles since that time (nanoseconds). Legal
        /// next: `ready`, `retiring`, gone.
        case ready(calls: Int, idleSince: UInt64)
        /// Gets no more calls and is ended when it has none. Legal next: gone.
        case retiring(calls: Int)
    }

    /// What to do with a call that arrived.
    package enum Admission: Equatable {
        case run(on: InstanceID)
        /// It is laid behind the calls that the instance has.
        case lineUp(on: InstanceID)
        /// It waits in the queue; `startInstance` says whether one is to be started.
        case wait(startInstance: Bool)
        /// The queue is full.
        case reject
    }

    /// A waiting call and the instance that takes it now.
    package struct Assignment: Equatable {
        package let call: CallID
        package let instance: InstanceID

        package init(call: CallID, instance: InstanceID) {
            self.call = call
            self.instance = instance
        }
    }

    /// What follows when an instance has lost a call.
    package enum Release: Equatable {
        /// It serves on, and takes these calls from the queue.
        case keep([Assignment])
        /// It is to be ended.
        case end
        /// It has other calls still.
        case none
    }

    package let limits: InstanceLimits
    let concurrency: Int
    let isOneShot: Bool
    let queueLimit: Int
    package private(set) var waiting: Deque<CallID> = []
    package private(set) var instances: [InstanceID: InstanceState] = [:]
    /// Idle and partly busy instances, the one used last at the end, so that those in excess stay idle and expire.
    private var available: [InstanceID] = []
    /// Those with which calls may lie ahead of their turn.
    private var lineups: Set<InstanceID> = []
    /// Those of them that have calls, the one that has had them longest first.
    private var busyLineups: [InstanceID] = []

    package init(spec: FunctionSpec, queueLimit: Int) {
        self.limits = spec.instances
        self.concurrency = spec.concurrency
        self.isOneShot = spec.isOneShot
        self.queueLimit = queueLimit
    }

    /// A call arrived, which may lie ahead of its turn where no more than `lookahead` others then do.
    package mutating func arrive(_ call: CallID, lookahead: Int = 0) -> Admission {
        if waiting.isEmpty, let instance = lineup(within: lookahead) {
            add(1, to: instance)
            return .lineUp(on: instance)
        }
        if waiting.isEmpty, let instance = available.last {
            take(instance)
            return .run(on: instance)
        }
        let wantsInstance = wantsInstance(forWaiting: waiting.count + 1)
        // A call that an instance is being started for is on its way; the limit is for those that wait behind.
        guard wantsInstance || waiting.count - capacityComing < queueLimit else { return .reject }
        waiting.append(call)
        return .wait(startInstance: wantsInstance)
    }

    /// The shell has begun to start an instance.
    package mutating func started(_ instance: InstanceID) {
        precondition(instances[instance] == nil, "an instance is started once")
        instances[instance] = .starting(with: nil)
    }

    /// The same, and the call that waits longest is sent to it at once; nil when none waits.
    package mutating func startedWithOldest(_ instance: InstanceID) -> CallID? {
        precondition(instances[instance] == nil, "an instance is started once")
        guard let call = waiting.popFirst() else { return nil }
        instances[instance] = .starting(with: call)
        return call
    }

    /// The call that was sent to an instance which starts is not its any more, and nobody's: that instance must not get to
    /// serve it.
    package mutating func unbind(_ instance: InstanceID) -> CallID? {
        guard case .starting(let call?) = instances[instance] else { return nil }
        instances[instance] = .starting(with: nil)
        return call
    }

    /// Such a call waits again, before all others.
    package mutating func putBack(_ call: CallID) { waiting.prepend(call) }

    /// The shell starts an instance that is bound to one call from its start, and so serves the one that waits longest;
    /// nil when none waits.
    package mutating func startedForOldest(_ instance: InstanceID) -> CallID? {
        precondition(instances[instance] == nil, "an instance is started once")
        guard let call = waiting.popFirst() else { return nil }
        instances[instance] = .ready(calls: 1, idleSince: 0)
        return call
    }

    /// An instance can take calls, ahead of their turn too if `linesUp`; returns those that it takes at once, first the one
    /// that was sent to it.
    package mutating func ready(_ instance: InstanceID, linesUp: Bool = false, at now: UInt64) -> [Assignment] {
        guard case .starting(let call) = instances[instance] else { return [] }
        if linesUp, concurrency == 1, !isOneShot { lineups.insert(instance) }
        instances[instance] = .ready(calls: 0, idleSince: now)
        available.append(instance)
        guard let call else { return fill(instance) }
        take(instance)
        return [Assignment(call: call, instance: instance)] + fill(instance)
    }

    /// A call on an instance is over.
    package mutating func finished(on instance: InstanceID, isReusable: Bool, at now: UInt64) -> Release {
        switch instances[instance] {
        case .ready(let calls, _):
            guard isReusable, !isOneShot else {
                retire(instance, calls: calls - 1)
                return calls == 1 ? .end : .none
            }
            if calls == concurrency { available.append(instance) }
            instances[instance] = .ready(calls: calls - 1, idleSince: now)
            if calls == 1 { busyLineups.removeAll { $0 == instance } }
            return .keep(fill(instance))
        case .retiring(let calls):
            instances[instance] = .retiring(calls: calls - 1)
            return calls == 1 ? .end : .none
        case .starting, nil:
            return .none
        }
    }

    /// A call could not be lined up after all.
    package mutating func notLinedUp(on instance: InstanceID) { add(-1, to: instance) }

    /// The call that waits longest is laid behind those that the instance has; nil when there is none, or no room.
    package mutating func lineUpOldest(on instance: InstanceID, lookahead: Int) -> CallID? {
        guard lookahead > 0, lineups.contains(instance), case .ready(1...lookahead, _) = instances[instance],
            let call = waiting.popFirst()
        else { return nil }
        add(1, to: instance)
        return call
    }

    /// Calls that lay ahead of their turn were taken back, in this order; they wait, before all others.
    package mutating func takenBack(_ calls: [CallID], from instance: InstanceID, isEnding: Bool, at now: UInt64) {
        add(-calls.count, to: instance)
        waiting.prepend(contentsOf: calls)
        guard case .ready(0, _) = instances[instance] else { return }
        instances[instance] = .ready(calls: 0, idleSince: now)
        busyLineups.removeAll { $0 == instance }
        // It is slow to take calls: others come first.
        if !isEnding { available.insert(instance, at: 0) }
    }

    /// Gives calls that wait to instances which have room.
    package mutating func assign() -> [Assignment] {
        var assignments: [Assignment] = []
        while !waiting.isEmpty, let instance = available.last { assignments += fill(instance) }
        return assignments
    }

    /// An instance is gone; returns whether another is to be started for those who wait or for the minimum.
    package mutating func ended(_ instance: InstanceID) -> Bool {
        instances[instance] = nil
        remove(instance)
        return wantsInstance(forWaiting: waiting.count)
    }

    /// An instance gets no more calls; returns whether it has none and is to be ended now.
    package mutating func retire(_ instance: InstanceID) -> Bool {
        switch instances[instance] {
        case .ready(let calls, _):
            retire(instance, calls: calls)
            return calls == 0
        case .starting:
            retire(instance, calls: 0)
            return true
        case .retiring, nil:
            return false
        }
    }

    /// A waiting call gave up; false when it did not wait.
    package mutating func abandon(_ call: CallID) -> Bool {
        guard let index = waiting.firstIndex(of: call) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// Takes all waiting calls out of the queue, to fail them.
    package mutating func drainQueue() -> [CallID] {
        defer { waiting = [] }
        return Array(waiting)
    }

    /// Idle instances beyond `minimum` that have idled since `limit` or longer, the longest idle first.
    package func expired(idleSinceBefore limit: UInt64, minimum: Int) -> [InstanceID] {
        let surplus = instances.count - minimum
        guard surplus > 0 else { return [] }
        return idle.filter { $0.since <= limit }.prefix(surplus).map(\.instance)
    }

    /// Idle instances, the longest idle first.
    package var idle: [(instance: InstanceID, since: UInt64)] {
        instances.compactMap { instance, state -> (instance: InstanceID, since: UInt64)? in
            if case .ready(0, let since) = state { return (instance, since) }
            return nil
        }
        .sorted { $0.since < $1.since }
    }

    /// How many instances are starting, idle and busy.
    package var census: (starting: Int, idle: Int, busy: Int) {
        var census = (starting: 0, idle: 0, busy: 0)
        for state in instances.values {
            switch state {
            case .starting: census.starting += 1
            case .ready(0, _): census.idle += 1
            case .ready, .retiring: census.busy += 1
            }
        }
        return census
    }

    /// Whether one more instance would help `count` waiting calls, or is owed to the minimum.
    package func wantsInstance(forWaiting count: Int) -> Bool {
        guard instances.count < limits.max else { return false }
        return count > capacityComing
    }

    /// Calls of those that wait which the instances that are starting will take.
    private var capacityComing: Int {
        instances.values.reduce(0) { sum, state in
            guard case .starting(let call) = state else { return sum }
            return sum + (isOneShot ? 1 : concurrency) - (call == nil ? 0 : 1)
        }
    }

    private mutating func take(_ instance: InstanceID) {
        guard case .ready(let calls, let since) = instances[instance] else {
            preconditionFailure("only ready instances are available")
        }
        instances[instance] = .ready(calls: calls + 1, idleSince: since)
        if calls + 1 == concurrency || isOneShot { available.removeAll { $0 == instance } }
        if lineups.contains(instance) { busyLineups.append(instance) }
    }

    /// The instance that a call is to be lined up on, so that no more than `lookahead` lie ahead there.
    private func lineup(within lookahead: Int) -> InstanceID? {
        guard lookahead > 0 else { return nil }
        return busyLineups.first { instance in
            if case .ready(1...lookahead, _) = instances[instance] { true } else { false }
        }
    }

    private mutating func add(_ count: Int, to instance: InstanceID) {
        switch instances[instance] {
        case .ready(let calls, let since): instances[instance] = .ready(calls: calls + count, idleSince: since)
        case .retiring(let calls): instances[instance] = .retiring(calls: calls + count)
        case .starting, nil: break
        }
    }

    private mutating func remove(_ instance: InstanceID) {
        available.removeAll { $0 == instance }
        busyLineups.removeAll { $0 == instance }
        lineups.remove(instance)
    }

    private mutating func fill(_ instance: InstanceID) -> [Assignment] {
        var assignments: [Assignment] = []
        while available.contains(instance), let call = waiting.popFirst() {
            take(instance)
            assignments.append(Assignment(call: call, instance: instance))
        }
        return assignments
    }

    private mutating func retire(_ instance: InstanceID, calls: Int) {
        instances[instance] = .retiring(calls: calls)
        remove(instance)
    }
}
