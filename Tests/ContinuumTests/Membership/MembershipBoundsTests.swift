import Continuum
import Domain
import Testing

/// What keeps a membership small.
struct MembershipBoundsTests {
    private let from: NodeName
    private var node: Membership

    init() throws {
        from = try NodeName("from")
        node = try Membership(local: SampleReport.make("a"))
    }

    private mutating func hear(_ range: Range<Int>, state: MemberState = .alive, now: UInt64 = 0) throws {
        for index in range { _ = node.heard(try SampleReport.make("n\(index)", state: state), from: from, now: now) }
    }

    @Test("at most 1,024 nodes are known, the gone making room for the living")
    mutating func nodes() throws {
        try hear(0..<1000)
        try hear(1000..<1010, state: .removed, now: 5)
        try hear(1010..<1040, now: 6)
        let members = node.members(7)
        #expect(members.count == Membership.nodeLimit)
        #expect(members.allSatisfy { $0.state == .alive }, "the ten removed had to go")
        let refused = node.heard(try SampleReport.make("one-more"), from: from, now: 8)
        #expect(refused.isEmpty)
        let known = node.heard(try SampleReport.make("n3", incarnation: 101), from: from, now: 8)
        #expect(known == [.changed(try NodeName("n3"))])
    }

    @Test("at most 1,024 addresses are configured")
    mutating func seeds() {
        let added = (0..<1100).map { node.add(peer: "https://n\($0):1", now: 0) }
        #expect(added.filter { $0 }.count == 1024)
        let long = node.add(peer: "https://" + String(repeating: "n", count: 249), now: 0)
        #expect(!long)
    }

    @Test("one tick asks for at most 128 probes, and the next for the others")
    mutating func probes() throws {
        try hear(0..<300)
        let counts = (1...4).map { node.tick(UInt64($0) * Membership.tickInterval).count }
        #expect(counts == [128, 128, 44, 0])
    }

    @Test("a message carries at most 64 reports, the least recently sent first, the own always")
    mutating func gossip() throws {
        try hear(0..<150)
        var sent: [NodeName: Int] = [:]
        for round in 1...5 {
            let reports = node.gossip(now: 0)
            #expect(reports.count == 64)
            #expect(reports.first?.name == node.local.name)
            for report in reports.dropFirst() { sent[report.name, default: 0] += 1 }
            if round == 3 { #expect(sent.count == 150) }
        }
        #expect(sent.values.allSatisfy { (2...3).contains($0) })
    }

    @Test("news go first, and to the one they are about")
    mutating func news() throws {
        try hear(0..<150)
        _ = node.gossip(now: 0)
        let n100 = try NodeName("n100")
        let n9 = try NodeName("n9")
        _ = node.heard(try SampleReport.make("n9", state: .suspect), from: from, now: 1)
        #expect(node.gossip(now: 1)[1].name == n9)
        #expect(node.gossip(to: n100, now: 1)[1].name == n100)
    }

    @Test("a message of which more than 64 reports come is cut")
    mutating func incoming() throws {
        let reports = try (0..<100).map { try SampleReport.make("n\($0)") }
        let actions = node.heard(reports, from: from, now: 1)
        #expect(actions.count == 64)
    }

    @Test(
        "the dead are forgotten after a day, and do not come back by hearsay",
        arguments: [MemberState.dead, .removed]
    )
    mutating func forgetting(state: MemberState) throws {
        let b = try NodeName("b")
        let day = Membership.memory
        var now: UInt64 = 0
        _ = node.heard(try SampleReport.make("b", state: state), from: b, now: now)
        var forgotten: UInt64?
        while now < day + day / 2 {
            now += .seconds(60)
            let actions = node.tick(now)
            for case .probe(let probe) in actions { _ = node.probeFailed(probe, now: now) }
            if forgotten == nil, actions.contains(.changed(b)), node.member(b, now: now) == nil { forgotten = now }
        }
        let when = try #require(forgotten)
        #expect((day...day + .seconds(120)).contains(when))
        #expect(node.gossip(now: now).count == 1)
        let hearsay = node.heard(try SampleReport.make("b", state: state), from: from, now: now)
        #expect(hearsay.isEmpty && node.member(b, now: now) == nil)
        let back = node.heard(try SampleReport.make("b", incarnation: 101), from: b, now: now)
        #expect(back == [.changed(b)])
        let probes = node.tick(now + .seconds(1)).count
        #expect(probes == 1)
    }
}
