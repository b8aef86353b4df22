import Executor
import Testing

struct ClosenessTests {
    /// A caller that calls instance 7 whenever it has an answer, and a clock.
    private struct Caller {
        var closeness = Closeness()
        var now: UInt64 = 1_000_000_000
        /// Nanoseconds of a call, apart and shared.
        var apart: UInt64 = 180_000
        var shared: UInt64 = 130_000
        var changes: [Closeness.Change] = []

        mutating func call(_ count: Int = 1, instance: UInt64 = 7, isAlone: Bool = true, isLight: Bool = true) {
            for _ in 0..<count {
                now += closeness.isShared ? shared : apart
                let change = closeness.called(instance, isAlone: isAlone, isLight: isLight, at: now)
                if change != .nothing { changes.append(change) }
            }
        }
    }

    /// Calls until the first comparison begins, and those that one takes.
    private static let untilShared = Closeness.streak + epoch
    private static let epoch = Closeness.settling + Closeness.epoch

    private static var sharing: Caller {
        var caller = Caller()
        caller.call(untilShared)
        return caller
    }

    @Test("after many calls in a row for one instance it is tried, and kept where calls take less time")
    func kept() {
        var caller = Caller()
        caller.call(Self.untilShared - 1)
        #expect(caller.changes.isEmpty)
        caller.call()
        #expect(caller.changes == [.share(instance: 7)])
        caller.call(Self.epoch * Closeness.keptEpochs)
        #expect(caller.changes.count == 1)
        caller.call(Self.epoch)
        #expect(caller.changes.last == .part(instance: 7), "it is compared again")
        caller.call(Self.epoch * 3)
        #expect(caller.changes.count == 3 && caller.closeness.isShared)
    }

    @Test("where it is in vain they part, and it is tried ever less often", arguments: [180_000, 178_000, 250_000])
    func inVain(shared: UInt64) {
        var caller = Self.sharing
        caller.shared = shared
        caller.call(Self.epoch)
        #expect(caller.changes == [.share(instance: 7), .part(instance: 7)])
        caller.call(Self.epoch * 1_000)
        #expect((8...20).contains(caller.changes.count), "\(caller.changes.count) changes in 1,000 epochs")
        #expect(!caller.closeness.isShared)
    }

    @Test("after a rest it is tried again at once where it was worth it")
    func again() {
        var caller = Self.sharing
        caller.call(Self.epoch * 2)
        caller.now += Closeness.longestRest * 2
        #expect(caller.closeness.tick(isRunning: false, at: caller.now) == .part(instance: 7))
        caller.call(Self.untilShared)
        #expect(caller.closeness.isShared)
    }

    @Test("calls that are far apart say nothing about processors")
    func rare() {
        var caller = Self.sharing
        (caller.apart, caller.shared) = (50_000_000, 40_000_000)
        caller.call(Self.epoch * 4)
        #expect(!caller.closeness.isShared)
    }

    @Test("calls that come together, or for another, part them within eight")
    func crowd() {
        for (instance, isAlone) in [(7, false), (8, true)] as [(UInt64, Bool)] {
            var caller = Self.sharing
            caller.call(7, instance: instance, isAlone: isAlone)
            #expect(caller.closeness.isShared)
            caller.call(1, instance: instance, isAlone: isAlone)
            #expect(caller.changes.last == .part(instance: 7))
            caller.call(Closeness.streak)
            #expect(!caller.closeness.isShared)
        }
    }

    @Test("calls that are not light any more part them at once")
    func heavy() {
        var caller = Self.sharing
        caller.call(isLight: false)
        #expect(caller.changes.last == .part(instance: 7))
    }

    @Test("a call that takes long, a rest, and the end of the instance part them")
    func time() {
        var caller = Self.sharing
        let (run, rest) = (caller.now + Closeness.longestRun, caller.now + Closeness.longestRest)
        #expect(caller.closeness.tick(isRunning: true, at: run) == .nothing)
        #expect(caller.closeness.tick(isRunning: false, at: rest) == .nothing)
        #expect(caller.closeness.tick(isRunning: true, at: run + 1) == .part(instance: 7))
        #expect(caller.closeness.tick(isRunning: false, at: rest + 1) == .nothing, "they are apart")
        caller = Self.sharing
        #expect(caller.closeness.tick(isRunning: false, at: rest + 1) == .part(instance: 7))
        caller = Self.sharing
        #expect(caller.closeness.gone(8) == .nothing)
        #expect(caller.closeness.gone(7) == .part(instance: 7))
    }
}
