import Continuum
import Domain
import Testing

/// What a node makes of what is said of itself, and of what it is told to do.
struct MembershipSelfTests {
    private let a: NodeName
    private let b: NodeName
    private var node: Membership

    init() throws {
        a = try NodeName("a")
        b = try NodeName("b")
        node = try Membership(local: SampleReport.make("a"))
    }

    @Test("an accusation is refuted with a higher incarnation", arguments: [MemberState.suspect, .dead, .left])
    mutating func refutation(state: MemberState) throws {
        let accusation = try SampleReport.make("a", state: state)
        let actions = node.heard(accusation, from: b, now: 1)
        #expect(actions == [.changed(a)])
        #expect(node.local.incarnation == 101 && node.local.state == .alive && node.local.sequence == 1)
        #expect(accusation.merged(with: node.local) == node.local)
        let again = node.heard(accusation, from: b, now: 2)
        #expect(again.isEmpty && node.local.incarnation == 101, "the old accusation is answered already")
    }

    @Test("an accusation of a node that drains leaves it draining")
    mutating func refutationWhileDraining() throws {
        let drained = node.drain()
        #expect(drained == [.changed(a)])
        _ = node.heard(try SampleReport.make("a", state: .suspect), from: b, now: 1)
        #expect(node.local.incarnation == 101 && node.local.state == .draining)
    }

    @Test("an earlier life with a later clock is surpassed, an older one is passed over")
    mutating func earlierLife() throws {
        _ = node.heard(try SampleReport.make("a", incarnation: 5000), from: b, now: 1)
        #expect(node.local.incarnation == 5001)
        let actions = node.heard(try SampleReport.make("a", incarnation: 7, state: .dead), from: b, now: 1)
        #expect(actions.isEmpty && node.local.incarnation == 5001)
        _ = node.heard(
            try SampleReport.make("a", incarnation: NodeReport.incarnationLimit - 1, state: .dead),
            from: b,
            now: 1
        )
        #expect(node.local.incarnation == NodeReport.incarnationLimit - 1)
    }

    @Test("a namesake is complained of once a minute")
    mutating func namesake() throws {
        let other = try SampleReport.make("a", incarnation: 500, address: "https://z:1")
        let first = node.heard(other, from: b, now: .seconds(1))
        #expect(first.contains(.conflict(a, addresses: ["https://a.test:7070", "https://z:1"])))
        let newer = try SampleReport.make("a", incarnation: 900, address: "https://z:1")
        let second = node.heard(newer, from: b, now: .seconds(2))
        #expect(second == [.changed(a)])
    }

    @Test("a removal is not refuted, and over when the node starts anew")
    mutating func removal() throws {
        let tombstone = try SampleReport.make("a", incarnation: 900, state: .removed)
        let actions = node.heard(tombstone, from: b, now: 1)
        #expect(actions == [.changed(a)] && node.isRemoved && !node.isUsable(a))
        _ = node.heard(try SampleReport.make("a", incarnation: 900, state: .suspect), from: b, now: 1)
        #expect(node.isRemoved && node.tick(.seconds(1)).isEmpty)
        #expect(node.member(a, now: 1)?.reason == "removed by an operator")
        let drained = node.drain() + node.resume() + node.leave()
        #expect(drained.isEmpty && node.isRemoved)
        // A start after the removal, with a new certificate, begins above the tombstone.
        let restarted = try SampleReport.make("a", incarnation: 901)
        #expect(tombstone.merged(with: restarted) == restarted)
    }

    @Test("draining, resuming and leaving are declared with a new sequence")
    mutating func declarations() throws {
        let resumed = node.resume()
        #expect(resumed.isEmpty)
        for (state, sequence) in [(MemberState.draining, 1), (.alive, 2), (.left, 3)] as [(MemberState, UInt64)] {
            let actions =
                switch state {
                case .draining: node.drain()
                case .alive: node.resume()
                default: node.leave()
                }
            #expect(actions == [.changed(a)])
            #expect(node.local.state == state && node.local.sequence == sequence)
            #expect(node.isUsable(a) == (state == .alive))
        }
        let more = node.drain() + node.resume() + node.leave()
        #expect(more.isEmpty)
        _ = node.heard(try SampleReport.make("a", state: .dead), from: b, now: 1)
        #expect(node.local.incarnation == 100, "who left has nothing to refute")
        #expect(node.gossip(now: 1).first?.state == .left)
    }

    @Test("a removal covers every incarnation up to its time, and no later one")
    mutating func tombstone() throws {
        _ = node.heard(try SampleReport.make("b"), from: b, now: 1)
        let nobody = node.remove(try NodeName("nobody"), at: Timestamp(microseconds: 9), now: 1)
        #expect(nobody.isEmpty)
        let actions = node.remove(b, at: Timestamp(microseconds: 1000), now: 1)
        #expect(actions == [.changed(b)])
        let refuted = node.heard(try SampleReport.make("b", incarnation: 101), from: b, now: 2)
        #expect(refuted.isEmpty && node.member(b, now: 2)?.state == .removed)
        #expect(node.gossip(now: 2)[1].state == .removed)
        let back = node.heard(try SampleReport.make("b", incarnation: 1001), from: b, now: 3)
        #expect(back == [.changed(b)] && node.member(b, now: 3)?.state == .alive)
        let own = node.remove(a, at: Timestamp(microseconds: 1000), now: 4)
        #expect(own == [.changed(a)] && node.isRemoved && node.local.incarnation == 1000)
    }
}
