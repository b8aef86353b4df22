import Continuum
import Domain
import Testing

/// What a peer that was taken over achieves by what it says of a third node: at most that the node is probed sooner.
struct LyingPeerTests {
    private let b: NodeName
    private let liar: NodeName
    private var node: Membership
    private var now = UInt64.seconds(100)

    init() throws {
        b = try NodeName("b")
        liar = try NodeName("liar")
        node = try Membership(local: SampleReport.make("a"))
    }

    /// What the liar says of `b`, newer than all that `b` says.
    private func lie(
        state: MemberState = .alive,
        incarnation: UInt64 = 100,
        tier: String = "cloud",
        address: String = "https://b.test:7070"
    ) throws -> NodeReport {
        try NodeReport(
            description: NodeDescription(
                name: b,
                tier: Tier(tier),
                site: Site("elsewhere"),
                cores: 999,
                memory: ByteSize("900GiB"),
                architecture: "aarch64",
                labels: ["gpu": "yes"]
            ),
            address: address,
            software: "9.9.9",
            started: Timestamp(microseconds: 100),
            incarnation: incarnation,
            state: state,
            load: NodeLoad(busy: 77),
            warm: ["sha256:x": 5],
            sequence: 1_000_000
        )
    }

    /// Lets `b` answer all probes for some seconds; what is sent to other places is not answered.
    private mutating func live(_ seconds: Double, sequence: inout UInt64) throws {
        let end = now + .seconds(seconds)
        while now < end {
            now += Membership.tickInterval
            for case .probe(let probe) in node.tick(now) where probe.name == b {
                sequence += 1
                let report = try SampleReport.make("b", sequence: sequence, busy: 3)
                _ =
                    probe.address == report.address
                    ? node.probeAnswered(probe, report: report, others: [], roundTrip: 1_000_000, now: now)
                    : node.probeFailed(probe, now: now)
            }
        }
    }

    private func expectTruth() {
        let seen = node.member(b, now: now)
        #expect(node.isUsable(b), "\(seen?.reason ?? "unknown")")
        #expect(seen?.report.description.tier.text == "edge" && seen?.report.description.cores == 4)
        #expect(seen?.report.description.site == nil && seen?.report.description.labels.isEmpty == true)
        #expect(seen?.report.address == "https://b.test:7070" && seen?.report.warm.isEmpty == true)
        #expect(seen?.load.busy == 3)
    }

    @Test(
        "what a node says of itself is not overridden by another",
        arguments: [MemberState.alive, .draining, .suspect, .dead, .left]
    )
    mutating func known(state: MemberState) throws {
        var sequence: UInt64 = 0
        _ = node.heard(try SampleReport.make("b", busy: 3), from: b, now: now)
        try live(2, sequence: &sequence)
        expectTruth()
        for incarnation in [100, 1 << 40] as [UInt64] {
            for address in ["https://b.test:7070", "https://liar.test:7070"] {
                _ = node.heard(try lie(state: state, incarnation: incarnation, address: address), from: liar, now: now)
                expectTruth()
                try live(3, sequence: &sequence)
                expectTruth()
            }
        }
    }

    @Test("a node that was lied about before it was met is what it says when it is")
    mutating func unknown() throws {
        var sequence: UInt64 = 0
        _ = node.heard(try lie(address: "https://liar.test:7070"), from: liar, now: now)
        #expect(!node.isUsable(b))
        try live(2, sequence: &sequence)
        #expect(!node.isUsable(b))
        sequence += 1
        _ = node.heard(try SampleReport.make("b", sequence: sequence, busy: 3), from: b, now: now)
        try live(12, sequence: &sequence)
        expectTruth()
    }

    @Test("a wrong place does not keep a node from being found again after it was away")
    mutating func comesBack() throws {
        var sequence: UInt64 = 0
        _ = node.heard(try SampleReport.make("b", busy: 3), from: b, now: now)
        try live(2, sequence: &sequence)
        // Away for a while: every probe fails.
        let end = now + .seconds(20)
        while now < end {
            now += Membership.tickInterval
            for case .probe(let probe) in node.tick(now) { _ = node.probeFailed(probe, now: now) }
        }
        #expect(!node.isUsable(b))
        _ = node.heard(try lie(incarnation: 1 << 40, address: "https://liar.test:7070"), from: liar, now: now)
        try live(40, sequence: &sequence)
        #expect(node.isUsable(b))
    }
}
