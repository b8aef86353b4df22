/// Whether the event loop and one instance had better share a processor: a pure state machine.
///
/// Where calls come one by one, nobody could work beside the function, and what costs most is that loop and function wake
/// one another on different processors. Whether sharing one is quicker cannot be foretold, since the caller may need one
/// too: so it is tried, when many calls in a row were alone, light and for the same instance, and kept where those that
/// followed took less time than those before. It is compared anew now and then, and tried less often where it was in vain.
package struct Closeness {
    /// What is to be done.
    package enum Change: Equatable {
        case nothing
        /// The loop and this instance share a processor from now on.
        case share(instance: UInt64)
        /// They go where they like again.
        case part(instance: UInt64)
    }

    /// Calls in a row that must have been alone.
    package static let streak = 64
    /// What one call counts against that which is not alone, or for another instance.
    private static let penalty = 8
    /// Calls that are compared with as many others, and those before them, in which things settle.
    package static let epoch = 1_024
    package static let settling = 128
    /// The share of their time within which calls must be done for it to be worth it.
    private static let gain = 0.95
    /// Epochs that it is kept until it is compared again, and until it is tried again at first, and at last.
    package static let keptEpochs = 16
    private static let longestWait = 256
    /// Nanoseconds between two calls that count at most: more of them say nothing about processors.
    private static let longestStep: UInt64 = 1_000_000
    /// Nanoseconds without a call, and of a call, after which they part.
    package static let longestRest: UInt64 = 1_000_000_000
    package static let longestRun: UInt64 = 10_000_000

    /// The instance that was called last; and whether it shares the loop's processor.
    private var instance: UInt64 = 0
    package private(set) var isShared = false
    private var balance = 0
    private var lastCall: UInt64 = 0
    /// Of the epoch that goes on: its calls, and how long they took.
    private var count = 0
    private var time: UInt64 = 0
    /// How long an epoch took apart, the last time.
    private var timeApart: UInt64 = 0
    /// Epochs until they change, and how many it was the last time that sharing was in vain.
    private var epochsLeft = 1
    private var wait = 1

    package init() {}

    /// A call goes to an instance: alone on this node, or beside others; of a version whose calls are light, or not.
    package mutating func called(_ called: UInt64, isAlone: Bool, isLight: Bool, at now: UInt64) -> Change {
        let step = min(now - min(now, lastCall), Self.longestStep)
        lastCall = now
        guard isLight else { return part() }
        if isAlone, called == instance {
            balance = min(balance + 1, Self.streak)
        } else {
            balance = max(0, balance - Self.penalty)
        }
        if isShared, balance == 0 { return part() }
        if !isShared {
            instance = called
            if balance < Self.streak {
                beginEpoch()
                return .nothing
            }
        }
        count += 1
        if count > Self.settling { time += step }
        return count < Self.settling + Self.epoch ? .nothing : endEpoch()
    }

    private mutating func endEpoch() -> Change {
        defer { beginEpoch() }
        epochsLeft -= 1
        if !isShared {
            timeApart = time
            guard epochsLeft <= 0 else { return .nothing }
            isShared = true
            epochsLeft = 1
            return .share(instance: instance)
        }
        guard epochsLeft <= 0 else { return .nothing }
        if timeApart > 0 {
            // The first since they share.
            let isWorthIt = Double(time) < Double(timeApart) * Self.gain
            timeApart = 0
            if isWorthIt {
                (epochsLeft, wait) = (Self.keptEpochs, 1)
                return .nothing
            }
            wait = min(wait * 2, Self.longestWait)
            let change = part()
            epochsLeft = wait
            return change
        }
        // They share for a while: to compare again, they part.
        return part()
    }

    private mutating func beginEpoch() { (count, time) = (0, 0) }

    /// Time passes; `isRunning` says whether a call is with an instance.
    package mutating func tick(isRunning: Bool, at now: UInt64) -> Change {
        let limit = isRunning ? Self.longestRun : Self.longestRest
        return isShared && now > lastCall + limit ? leave() : .nothing
    }

    /// An instance is gone.
    package mutating func gone(_ gone: UInt64) -> Change { gone == instance ? leave() : .nothing }

    /// They part, and many calls have to come alone before they share again.
    package mutating func leave() -> Change {
        balance = 0
        return part()
    }

    private mutating func part() -> Change {
        beginEpoch()
        guard isShared else { return .nothing }
        isShared = false
        epochsLeft = 1
        return .part(instance: instance)
    }
}
