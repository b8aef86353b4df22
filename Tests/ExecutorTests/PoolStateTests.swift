import Domain
import Executor
import Testing

struct PoolStateTests {
    private static func pool(
        max: Int = 2,
        concurrency: Int = 1,
        reuse: Reuse = .always,
        queue: Int = 10
    ) throws -> PoolState {
        let spec = FunctionSpec(
            name: try FunctionName("f"),
            runtime: .swift,
            handler: "f",
            concurrency: concurrency,
            instances: InstanceLimits(min: 0, max: max, keepAlive: .seconds(1)),
            reuse: reuse
        )
        return PoolState(spec: spec, queueLimit: queue)
    }

    @Test("the first call starts an instance and gets it when it is ready")
    func firstCall() throws {
        var pool = try Self.pool()
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        #expect(pool.ready(10, at: 0) == [.init(call: 1, instance: 10)])
        #expect(pool.finished(on: 10, isReusable: true, at: 5) == .keep([]))
        #expect(pool.arrive(2) == .run(on: 10))
    }

    @Test("starts no more instances than calls wait, nor than the limit allows")
    func limits() throws {
        var pool = try Self.pool(max: 2)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        #expect(pool.arrive(2) == .wait(startInstance: true))
        pool.started(11)
        #expect(pool.arrive(3) == .wait(startInstance: false))
        #expect(pool.ready(10, at: 0) == [.init(call: 1, instance: 10)])
        #expect(pool.finished(on: 10, isReusable: true, at: 0) == .keep([.init(call: 2, instance: 10)]))
    }

    @Test("one starting instance is enough for as many calls as it serves at once")
    func concurrency() throws {
        var pool = try Self.pool(concurrency: 3)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        #expect(pool.arrive(2) == .wait(startInstance: false))
        #expect(pool.arrive(3) == .wait(startInstance: false))
        #expect(pool.arrive(4) == .wait(startInstance: true))
        pool.started(11)
        #expect(pool.ready(10, at: 0).map(\.call) == [1, 2, 3])
        #expect(pool.ready(11, at: 0).map(\.call) == [4])
        #expect(pool.arrive(5) == .run(on: 11))
    }

    @Test("an instance may be sent the call that waits longest while it starts, and gets that one")
    func sentAhead() throws {
        var pool = try Self.pool(max: 2)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        #expect(pool.startedWithOldest(10) == 1)
        #expect(pool.startedWithOldest(11) == nil && pool.instances[11] == nil)
        // It is nobody else's: whoever comes needs another instance.
        #expect(pool.arrive(2) == .wait(startInstance: true))
        pool.started(11)
        #expect(pool.ready(11, at: 0) == [.init(call: 2, instance: 11)])
        #expect(pool.finished(on: 11, isReusable: true, at: 0) == .keep([]))
        #expect(pool.abandon(1) == false)
        #expect(pool.ready(10, at: 0) == [.init(call: 1, instance: 10)])
        #expect(pool.finished(on: 10, isReusable: true, at: 0) == .keep([]))
        #expect(pool.brokenInvariants.isEmpty)
    }

    @Test("a call that was sent to an instance which is gone goes first again")
    func sentInVain() throws {
        var pool = try Self.pool(max: 1)
        _ = pool.arrive(1)
        #expect(pool.startedWithOldest(10) == 1)
        _ = pool.arrive(2)
        #expect(pool.unbind(10) == 1 && pool.unbind(10) == nil)
        pool.putBack(1)
        #expect(pool.ended(10) == true)
        #expect(pool.startedWithOldest(11) == 1)
        #expect(pool.ready(11, at: 0) == [.init(call: 1, instance: 11)])
        #expect(pool.finished(on: 11, isReusable: true, at: 0) == .keep([.init(call: 2, instance: 11)]))
    }

    @Test("with several calls at once, the one that was sent leaves room for the others")
    func sentBesideOthers() throws {
        var pool = try Self.pool(concurrency: 3)
        _ = pool.arrive(1)
        #expect(pool.startedWithOldest(10) == 1)
        #expect(pool.arrive(2) == .wait(startInstance: false))
        #expect(pool.arrive(3) == .wait(startInstance: false))
        #expect(pool.arrive(4) == .wait(startInstance: true))
        #expect(pool.ready(10, at: 0).map(\.call) == [1, 2, 3])
    }

    @Test("a full queue refuses")
    func fullQueue() throws {
        var pool = try Self.pool(max: 1, queue: 2)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        #expect(pool.arrive(2) == .wait(startInstance: false))
        #expect(pool.arrive(3) == .wait(startInstance: false))
        #expect(pool.arrive(4) == .reject)
        #expect(pool.abandon(2) == true)
        #expect(pool.arrive(5) == .wait(startInstance: false))
    }

    @Test("an instance that may not be reused ends after its call")
    func neverReused() throws {
        var pool = try Self.pool(reuse: .never)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        #expect(pool.ready(10, at: 0).count == 1)
        #expect(pool.arrive(2) == .wait(startInstance: true))
        #expect(pool.finished(on: 10, isReusable: true, at: 0) == .end)
        #expect(pool.ended(10) == true)
    }

    @Test("a retired instance finishes what it has and takes no more")
    func retiring() throws {
        var pool = try Self.pool(concurrency: 2)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        pool.started(10)
        _ = pool.ready(10, at: 0)
        #expect(pool.arrive(2) == .run(on: 10))
        #expect(pool.retire(10) == false)
        #expect(pool.arrive(3) == .wait(startInstance: true))
        #expect(pool.finished(on: 10, isReusable: true, at: 0) == .none)
        #expect(pool.finished(on: 10, isReusable: true, at: 0) == .end)
    }

    @Test("the instance used last is used next, so that those in excess expire")
    func mostRecentFirst() throws {
        var pool = try Self.pool()
        for (call, instance) in [(1, 10), (2, 11)] as [(UInt64, UInt64)] {
            #expect(pool.arrive(call) == .wait(startInstance: true))
            pool.started(instance)
        }
        _ = pool.ready(10, at: 0)
        _ = pool.ready(11, at: 0)
        #expect(pool.finished(on: 10, isReusable: true, at: 100) == .keep([]))
        #expect(pool.finished(on: 11, isReusable: true, at: 200) == .keep([]))
        #expect(pool.arrive(3) == .run(on: 11))
        #expect(pool.expired(idleSinceBefore: 100, minimum: 0) == [10])
        #expect(pool.expired(idleSinceBefore: 100, minimum: 2) == [])
    }

    @Test("instances that are bound to a call serve the one that waits longest")
    func boundInstances() throws {
        var pool = try Self.pool(max: 1)
        #expect(pool.arrive(1) == .wait(startInstance: true))
        #expect(pool.startedForOldest(10) == 1)
        #expect(pool.arrive(2) == .wait(startInstance: false))
        #expect(pool.finished(on: 10, isReusable: false, at: 0) == .end)
        #expect(pool.ended(10) == true)
        #expect(pool.startedForOldest(11) == 2)
        #expect(pool.startedForOldest(12) == nil)
    }

    /// A pool with one instance, 10, that has a call, 1.
    private static func busyPool(max: Int = 2, linesUp: Bool = true) throws -> PoolState {
        var pool = try pool(max: max)
        _ = pool.arrive(1)
        pool.started(10)
        #expect(pool.ready(10, linesUp: linesUp, at: 0) == [.init(call: 1, instance: 10)])
        return pool
    }

    @Test("calls are lined up on an instance that has some, as many as may be")
    func lineup() throws {
        var pool = try Self.busyPool()
        #expect(pool.arrive(2, lookahead: 2) == .lineUp(on: 10))
        #expect(pool.arrive(3, lookahead: 2) == .lineUp(on: 10))
        #expect(pool.arrive(4, lookahead: 2) == .wait(startInstance: true))
        #expect(pool.finished(on: 10, isReusable: true, at: 1) == .keep([]))
        #expect(pool.lineUpOldest(on: 10, lookahead: 2) == 4)
        for time in 2...4 as ClosedRange<UInt64> {
            #expect(pool.finished(on: 10, isReusable: true, at: time) == .keep([]))
        }
        #expect(pool.arrive(5, lookahead: 2) == .run(on: 10), "one that idles is not lined up on")
        #expect(pool.brokenInvariants.isEmpty)
    }

    @Test("nothing is lined up where instances do not take that, or calls are not short, or others wait")
    func noLineup() throws {
        var pool = try Self.busyPool(linesUp: false)
        #expect(pool.arrive(2, lookahead: 2) == .wait(startInstance: true))
        pool = try Self.busyPool()
        #expect(pool.arrive(2) == .wait(startInstance: true))
        #expect(pool.arrive(3, lookahead: 2) == .wait(startInstance: true))
        #expect(pool.lineUpOldest(on: 10, lookahead: 0) == nil)
        #expect(pool.retire(10) == false)
        #expect(pool.lineUpOldest(on: 10, lookahead: 2) == nil)
    }

    @Test("what is taken back waits before all others, and goes to whoever is free")
    func takenBack() throws {
        var pool = try Self.busyPool(max: 1)
        #expect(pool.arrive(2, lookahead: 2) == .lineUp(on: 10))
        #expect(pool.arrive(3, lookahead: 2) == .lineUp(on: 10))
        #expect(pool.arrive(4, lookahead: 2) == .wait(startInstance: false))
        pool.takenBack([2, 3], from: 10, isEnding: false, at: 5)
        #expect(Array(pool.waiting) == [2, 3, 4])
        #expect(pool.assign().isEmpty)
        #expect(pool.finished(on: 10, isReusable: true, at: 6) == .keep([.init(call: 2, instance: 10)]))
        pool.takenBack([2], from: 10, isEnding: false, at: 7)
        #expect(pool.assign() == [.init(call: 2, instance: 10)], "it has not begun what it was thought to have")
        pool.takenBack([2], from: 10, isEnding: true, at: 8)
        #expect(pool.assign().isEmpty, "one that ends gets nothing")
        #expect(pool.brokenInvariants.isEmpty)
    }

    @Test(
        "whatever happens, no call is lost, doubled, or given to an instance beyond its concurrency",
        arguments: 0..<20
    )
    func randomHistories(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var pool = try Self.pool(max: 3, concurrency: 2, queue: 8)
        var next: UInt64 = 1
        var running: [UInt64: [UInt64]] = [:]
        var starting: [UInt64] = []
        var sent: [UInt64: UInt64] = [:]
        var waiting: Set<UInt64> = []
        func assign(_ call: UInt64, _ instance: UInt64) {
            #expect(waiting.remove(call) != nil || !running.values.joined().contains(call))
            running[instance, default: []].append(call)
            #expect(running[instance, default: []].count <= 2)
        }
        for time in 0..<2000 as Range<UInt64> {
            next += 1
            switch random.next() % 6 {
            case 0, 1:
                switch pool.arrive(next) {
                case .run(let instance): assign(next, instance)
                case .wait(let start):
                    waiting.insert(next)
                    if start {
                        if random.next() % 2 == 0, let call = pool.startedWithOldest(next) {
                            sent[next] = call
                            waiting.remove(call)
                        } else {
                            pool.started(next)
                        }
                        starting.append(next)
                    }
                case .reject: #expect(waiting.count >= 8)
                case .lineUp: Issue.record("nothing is lined up where several calls run at once")
                }
            case 2:
                guard let instance = starting.popLast() else { continue }
                if let call = sent.removeValue(forKey: instance) {
                    waiting.insert(call)
                    if random.next() % 4 == 0 {
                        #expect(pool.unbind(instance) == call)
                        pool.putBack(call)
                        if pool.ended(instance) {
                            pool.started(instance)
                            starting.append(instance)
                        }
                        continue
                    }
                }
                for assignment in pool.ready(instance, at: time) { assign(assignment.call, assignment.instance) }
            case 3:
                guard let (instance, calls) = running.first(where: { !$0.value.isEmpty }) else { continue }
                running[instance] = Array(calls.dropFirst())
                if case .keep(let assignments) = pool.finished(on: instance, isReusable: true, at: time) {
                    for assignment in assignments { assign(assignment.call, assignment.instance) }
                }
            case 4:
                guard let call = waiting.randomElement(using: &random) else { continue }
                #expect(pool.abandon(call) == true)
                waiting.remove(call)
            default:
                guard let instance = running.keys.randomElement(using: &random), random.next() % 4 == 0 else {
                    continue
                }
                running[instance] = nil
                if pool.ended(instance) {
                    pool.started(next)
                    starting.append(next)
                }
            }
            #expect(pool.waiting.count == waiting.count)
            #expect(pool.instances.count <= 3)
            #expect(pool.brokenInvariants.isEmpty)
        }
    }
}
