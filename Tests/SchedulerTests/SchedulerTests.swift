import Domain
import Scheduler
import Testing

struct SchedulerTests {
    private static func node(_ name: String, tier: String, site: String? = nil) throws -> NodeDescription {
        NodeDescription(
            name: try NodeName(name),
            tier: try Tier(tier),
            site: try site.map { raw in try Site(raw) },
            cores: 2,
            memory: .gibibytes(4),
            architecture: "x86_64"
        )
    }

    private static func question(_ placement: PlacementConstraints, local: NodeDescription) throws -> PlacementQuestion
    {
        let spec = FunctionSpec(name: try FunctionName("f"), runtime: .swift, handler: "f", placement: placement)
        let other = Candidate(node: try node("far", tier: "cloud"), isLocal: false, queued: 0, isWarm: true)
        let here = Candidate(node: local, isLocal: true, queued: 3, isWarm: false)
        return PlacementQuestion(spec: spec, origin: local.site, candidates: [other, here])
    }

    @Test("the local-only policy keeps a call where it arrived")
    func staysHere() throws {
        var random = SystemRandomNumberGenerator()
        let local = try Self.node("near", tier: "edge")
        let decision = Scheduler(policy: LocalOnlyPolicy())
            .decide(try Self.question(.init(), local: local), using: &random)
        #expect(decision.chosen == local.name)
        #expect(decision.excluded.isEmpty)
        #expect(decision.candidates.count == 2)
    }

    @Test("a node that may not run a call is excluded with all its reasons")
    func excluded() throws {
        var random = SystemRandomNumberGenerator()
        let local = try Self.node("near", tier: "edge", site: "barn")
        let constraints = PlacementConstraints(tiers: [try Tier("cloud")], sites: [try Site("hall")])
        let decision = Scheduler(policy: LocalOnlyPolicy())
            .decide(try Self.question(constraints, local: local), using: &random)
        #expect(decision.chosen == nil)
        #expect(decision.excluded.first { $0.node == local.name }?.reasons.count == 2)
        #expect(decision.reason.contains("near: its tier is edge"))
    }
}
