import Continuum
import Domain
import Testing

/// What one membership makes of events about its peers.
struct MembershipTests {
    private let b: NodeName
    private let c: NodeName
    private var node: Membership
    private var now = UInt64.seconds(100)

    init() throws {
        b = try NodeName("b")
        c = try NodeName("c")
        node = try Membership(local: SampleReport.make("a"))
    }

    private static func probes(_ actions: [Membership.Action]) -> [Probe] {
        actions.compactMap { if case .probe(let probe) = $0 { probe } else { nil } }
    }

    /// Lets time pass until a probe of `b` is due, and returns it with when it was sent.
    private mutating func nextProbe(within seconds: Double = 15) -> Probe? {
        let end = now + .seconds(seconds)
        while now < end {
            now += Membership.tickInterval
            if let probe = Self.probes(node.tick(now)).first(where: { $0.name == b }) { return probe }
        }
        return nil
    }

    private mutating func answer(_ probe: Probe, _ report: NodeReport, others: [NodeReport] = []) -> [Membership.Action]
    {
        node.probeAnswered(probe, report: report, others: others, roundTrip: 2_000_000, now: now)
    }

    /// Makes `b` known and usable.
    private mutating func meet() throws {
        _ = node.heard(try SampleReport.make("b"), from: b, now: now)
        let probe = try #require(nextProbe())
        _ = answer(probe, try SampleReport.make("b", sequence: 1))
        #expect(node.isUsable(b))
    }

    private var reason: String? { node.member(b, now: now)?.reason }

    @Test("a configured address is probed without a name, and with one when it is known")
    mutating func seeds() throws {
        let address = try SampleReport.make("b").address
        let added = node.add(peer: address, now: now)
        let again = node.add(peer: address, now: now)
        let wrong = node.add(peer: "b:7070", now: now)
        #expect(added && !again && !wrong)
        let first = try #require(Self.probes(node.tick(now)).first)
        #expect(first.address == address && first.name == nil)
        let actions = answer(first, try SampleReport.make("b"))
        #expect(actions == [.changed(b)])
        #expect(node.isUsable(b))
        let second = try #require(nextProbe())
        #expect(second.name == b && second.number > first.number)
    }

    @Test("its own address among the configured ones is not probed twice")
    mutating func ownAddress() throws {
        let alias = node.add(peer: "https://alias:1", now: now)
        let own = node.add(peer: node.local.address, now: now)
        #expect(alias && own)
        let probes = Self.probes(node.tick(now))
        #expect(probes.map(\.address) == ["https://alias:1"])
        let actions = answer(probes[0], node.local)
        #expect(actions.isEmpty)
        for _ in 0..<300 {
            now += Membership.tickInterval
            let actions = node.tick(now)
            #expect(actions.isEmpty)
        }
    }

    @Test("an address that nobody answers at is probed ever more rarely, down to every 10 s")
    mutating func backoff() throws {
        let added = node.add(peer: "https://nobody:1", now: now)
        #expect(added)
        var times: [UInt64] = []
        for _ in 0..<900 {
            now += Membership.tickInterval
            for probe in Self.probes(node.tick(now)) {
                times.append(now)
                _ = node.probeFailed(probe, now: now)
            }
        }
        let gaps = zip(times.dropFirst(), times).map { Double($0 - $1) / 1e9 }
        for (gap, expected) in zip(gaps, [1.0, 2, 4, 8]) { #expect((expected * 0.8...expected + 0.1).contains(gap)) }
        #expect(gaps.dropFirst(4).allSatisfy { (8...10.1).contains($0) })
    }

    @Test("a healthy peer is probed about once a second")
    mutating func pace() throws {
        try meet()
        var last = now
        for sequence in 2..<32 as Range<UInt64> {
            let probe = try #require(nextProbe())
            #expect((0.7...1.1).contains(Double(now - last) / 1e9))
            last = now
            _ = answer(probe, try SampleReport.make("b", sequence: sequence))
            #expect(node.isUsable(b))
        }
        #expect(node.member(b, now: now)?.link.estimate == 2)
    }

    @Test("a failed probe makes suspect, three make dead, two answers bring back")
    mutating func failures() throws {
        try meet()
        let first = try #require(nextProbe())
        let fall = node.probeFailed(first, now: now)
        #expect(fall == [.changed(b)])
        #expect(!node.isUsable(b) && node.member(b, now: now)?.state == .suspect)
        let twice = node.probeFailed(first, now: now)
        #expect(twice.isEmpty, "a probe ends once")
        now += .seconds(0.3)
        #expect(reason?.hasPrefix("suspect: no answer for 1.") == true)
        let second = try #require(nextProbe(within: 1))
        _ = node.probeFailed(second, now: now)
        let third = try #require(nextProbe(within: 1))
        _ = node.probeFailed(third, now: now)
        #expect(node.member(b, now: now)?.state == .dead)
        #expect(reason?.hasPrefix("dead: no answer for") == true)
        let fourth = try #require(nextProbe())
        _ = answer(fourth, try SampleReport.make("b", sequence: 2))
        #expect(!node.isUsable(b) && reason == "suspect: answered 1 of 2 probes")
        let fifth = try #require(nextProbe(within: 1))
        _ = answer(fifth, try SampleReport.make("b", sequence: 3))
        #expect(node.isUsable(b) && reason?.isEmpty == true)
        #expect(node.gossip(now: now)[1].state == .dead, "what was said of it is for itself to refute")
    }

    @Test("a peer that refuted is not accused again before it was reached")
    mutating func accusedOnce() throws {
        try meet()
        let first = try #require(nextProbe())
        _ = node.probeFailed(first, now: now)
        #expect(node.gossip(now: now)[1].state == .suspect)
        let refuted = try SampleReport.make("b", incarnation: 101, sequence: 2)
        _ = node.heard(refuted, from: c, now: now)
        for _ in 0..<3 {
            let probe = try #require(nextProbe())
            _ = node.probeFailed(probe, now: now)
        }
        #expect(node.member(b, now: now)?.state == .dead)
        #expect(node.gossip(now: now)[1] == refuted)
    }

    @Test("a lost call makes suspect at once and brings the next probe forward")
    mutating func lostCall() throws {
        try meet()
        now += .seconds(0.5)
        let actions = node.callFailed(b, now: now)
        #expect(actions == [.changed(b)] && !node.isUsable(b))
        #expect(reason == "suspect: a call lost its connection")
        let probes = Self.probes(node.tick(now))
        #expect(probes.map(\.name) == [b])
    }

    @Test("silence without any failure is found by the clock")
    mutating func silence() throws {
        try meet()
        var suspected: UInt64?
        let met = now
        for _ in 0..<25 {
            now += Membership.tickInterval
            _ = node.tick(now)
            if suspected == nil, !node.isUsable(b) { suspected = now }
        }
        #expect(try #require(suspected) - met == .seconds(1.5))
        #expect(node.member(b, now: now)?.state == .dead)
    }

    @Test("a node that itself stood still does not hold it against its peers")
    mutating func stall() throws {
        try meet()
        let probe = try #require(nextProbe(), "one is under way")
        now += .seconds(30)
        _ = node.tick(now)
        #expect(node.isUsable(b))
        _ = answer(probe, try SampleReport.make("b", sequence: 2))
        #expect(node.isUsable(b))
    }

    @Test("answers to calls keep a peer alive and carry its load")
    mutating func calls() throws {
        try meet()
        for _ in 0..<20 {
            now += Membership.tickInterval
            _ = node.answered(b, load: NodeLoad(busy: 7, warm: 3), now: now)
            _ = node.tick(now)
        }
        #expect(node.isUsable(b))
        #expect(node.member(b, now: now)?.load.busy == 7)
        #expect(node.member(b, now: now)?.load.warm == nil)
        _ = node.heard(try SampleReport.make("b", sequence: 5, busy: 2), from: b, now: now)
        #expect(node.member(b, now: now)?.load.busy == 2)
        #expect(node.member(b, now: now)?.lastHeard == now)
    }

    @Test("hearsay does not override a measurement, but is checked at once", arguments: [MemberState.suspect, .dead])
    mutating func hearsay(state: MemberState) throws {
        try meet()
        now += .seconds(0.5)
        let actions = node.heard(try SampleReport.make("b", state: state, sequence: 1), from: c, now: now)
        #expect(actions.isEmpty && node.isUsable(b))
        #expect(Self.probes(node.tick(now)).map(\.name) == [b])
    }

    @Test("who is only heard of is not usable before it answers")
    mutating func notReached() throws {
        let actions = node.heard(try SampleReport.make("b"), from: c, now: now)
        #expect(actions == [.changed(b)])
        #expect(!node.isUsable(b) && reason == "not reached yet")
        #expect(node.member(b, now: now)?.lastHeard == nil)
        for _ in 0..<3 {
            let probe = try #require(nextProbe())
            _ = node.probeFailed(probe, now: now)
        }
        #expect(reason == "dead: never reached")
        _ = node.heard(try SampleReport.make("c", state: .suspect), from: b, now: now)
        #expect(node.member(c, now: now)?.reason == "suspect: so others say, not reached yet")
    }

    @Test("the dead are not taken on hearsay, tombstones are")
    mutating func unknownDead() throws {
        for state in [MemberState.dead, .left] {
            let actions = node.heard(try SampleReport.make("b", state: state), from: c, now: now)
            #expect(actions.isEmpty && node.member(b, now: now) == nil)
        }
        _ = node.heard(try SampleReport.make("b", state: .removed), from: c, now: now)
        #expect(reason == "removed by an operator")
        #expect(nextProbe() == nil)
    }

    @Test("a second node of a name is refused and complained of once a minute")
    mutating func conflict() throws {
        try meet()
        let (mine, other) = ("https://b.test:7070", "https://z:1")
        let namesake = try SampleReport.make("b", sequence: 9, address: other)
        let actions = node.heard(namesake, from: c, now: now)
        #expect(actions == [.conflict(b, addresses: [mine, other])])
        let again = node.heard(namesake, from: c, now: now + .seconds(1))
        #expect(again.isEmpty)
        let later = node.heard(namesake, from: c, now: now + .seconds(61))
        #expect(later.count == 1)
        #expect(node.member(b, now: now)?.report.address == mine)
        // One that starts later at another place is refused too while the first is there, and taken when it is not.
        let newer = try SampleReport.make("b", incarnation: 200, address: other)
        _ = node.heard(newer, from: b, now: now)
        #expect(node.member(b, now: now)?.report.address == mine)
        _ = node.callFailed(b, now: now)
        _ = node.heard(newer, from: b, now: now)
        #expect(node.member(b, now: now)?.report.address == other)
    }

    @Test("somebody else at the address of a peer is a failure of that peer")
    mutating func stranger() throws {
        try meet()
        let probe = try #require(nextProbe())
        let actions = answer(probe, try SampleReport.make("c"))
        #expect(Set(actions) == [.changed(b), .changed(c)])
        #expect(!node.isUsable(b) && node.isUsable(c))
    }

    @Test("a draining peer is known to drain although it is accused")
    mutating func draining() throws {
        try meet()
        _ = node.heard(try SampleReport.make("b", state: .suspect, sequence: 1), from: c, now: now)
        #expect(node.isUsable(b))
        let actions = node.heard(try SampleReport.make("b", state: .draining, sequence: 2), from: b, now: now)
        #expect(actions == [.changed(b)])
        #expect(!node.isUsable(b) && reason == "draining")
    }

    @Test("a probe of which nothing is heard fails after 3 s")
    mutating func lostProbe() throws {
        _ = node.heard(try SampleReport.make("b"), from: c, now: now)
        let probe = try #require(nextProbe())
        let sent = now
        let next = try #require(nextProbe())
        #expect(next.number > probe.number)
        #expect(now - sent >= .seconds(3))
    }

    @Test("no event traps, whatever comes in whatever order", arguments: 0..<4)
    mutating func fuzz(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        var probes: [Probe] = []
        for _ in 0..<3000 {
            now += UInt64.random(in: 0...(.seconds(1)), using: &random)
            let name = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
            let report = try SampleReport.make(
                name,
                incarnation: [1, 99, 100, 101, NodeReport.incarnationLimit - 1].randomElement(using: &random) ?? 1,
                state: MemberState.allCases.randomElement(using: &random) ?? .alive,
                sequence: UInt64.random(in: 0...9, using: &random),
                address: Bool.random(using: &random) ? nil : "https://z:1"
            )
            let probe = probes.randomElement(using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0, 1: probes += Self.probes(node.tick(now))
            case 2: _ = node.heard(report, from: report.name, now: now)
            case 3: _ = node.heard(report, from: b, now: now)
            case 4: if let probe { _ = answer(probe, report) }
            case 5: if let probe { _ = node.probeFailed(probe, now: now) }
            case 6: _ = node.callFailed(report.name, now: now)
            case 7: _ = node.answered(report.name, load: report.load, now: now)
            default: _ = node.remove(report.name, at: Timestamp(microseconds: -1), now: now)
            }
            let members = node.members(now)
            #expect(members.allSatisfy { $0.isUsable == $0.reason.isEmpty })
            #expect(members.allSatisfy { $0.isUsable == node.isUsable($0.name) })
            #expect(members.allSatisfy { !$0.isUsable || $0.state == .alive })
        }
    }
}
