import NIOCore

/// Keeps the time of all calls on this node.
///
/// Confined to the event loop.
///
/// Nearly every call ends long before its deadline, so setting a timer for each would be work for nothing. One timer goes
/// off at the earliest deadline there was when it was set, ends what is due, and is set anew by those that are left.
final class DeadlineWatch {
    private let eventLoop: any EventLoop
    private var calls: [UInt64: Call] = [:]
    private var timer: Scheduled<Void>?
    private var due = NIODeadline.distantFuture
    /// Called for a call whose deadline has passed.
    var onPassed: (Call) -> Void = { _ in }

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// How many calls there are.
    var count: Int { calls.count }

    func add(_ call: Call) {
        calls[call.number] = call
        call.deadlines = self
        if call.deadline < due { set(call.deadline) }
    }

    func remove(_ call: Call) { calls[call.number] = nil }

    private func set(_ deadline: NIODeadline) {
        timer?.cancel()
        due = deadline
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.wentOff() }
    }

    private func wentOff() {
        timer = nil
        due = .distantFuture
        let now = NIODeadline.now()
        // What ends here may make room for calls that are added meanwhile.
        for call in calls.values.filter({ $0.deadline <= now }) { onPassed(call) }
        // Those whose end takes a while are ended already, as far as their time goes.
        if let next = calls.values.lazy.map(\.deadline).filter({ $0 > now }).min(), next < due { set(next) }
    }
}
