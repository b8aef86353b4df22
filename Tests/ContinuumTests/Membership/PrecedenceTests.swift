import Continuum
import Domain
import Testing

/// What two reports of one node say together.
struct PrecedenceTests {
    /// Reports of one node as honest nodes make them: what is not the state follows from incarnation and sequence.
    private static func random(_ random: inout SimulatedRandom) throws -> NodeReport {
        let incarnation = UInt64.random(in: 1...3, using: &random)
        let sequence = UInt64.random(in: 0...3, using: &random)
        let state = MemberState.allCases.randomElement(using: &random) ?? .alive
        return try SampleReport.make(
            "a",
            incarnation: incarnation,
            state: state,
            sequence: sequence,
            address: "https://a-\(incarnation):1",
            busy: Int(incarnation * 10 + sequence)
        )
    }

    @Test("merging is commutative, associative and idempotent", arguments: 0..<8)
    func semilattice(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        for _ in 0..<500 {
            let a = try Self.random(&random)
            let b = try Self.random(&random)
            let c = try Self.random(&random)
            #expect(a.merged(with: a) == a)
            #expect(a.merged(with: b) == b.merged(with: a))
            #expect(a.merged(with: b).merged(with: c) == a.merged(with: b.merged(with: c)))
            #expect(a.merged(with: b).merged(with: b) == a.merged(with: b))
        }
    }

    @Test("reports lead to one view in whatever order they come", arguments: 0..<8)
    func order(seed: UInt64) throws {
        var random = SimulatedRandom(seed: 100 + seed)
        let reports = try (0..<12).map { _ in try Self.random(&random) }
        let first = try #require(reports.first)
        let expected = reports.reduce(first) { $0.merged(with: $1) }
        for _ in 0..<20 {
            let shuffled = reports.shuffled(using: &random)
            #expect(shuffled.reduce(shuffled[0]) { $0.merged(with: $1) } == expected)
        }
    }

    @Test("a higher incarnation wins over every state", arguments: MemberState.allCases)
    func incarnation(state: MemberState) throws {
        let old = try SampleReport.make("a", incarnation: 1, state: state, sequence: 9)
        let new = try SampleReport.make("a", incarnation: 2, sequence: 0)
        #expect(old.merged(with: new) == new)
    }

    @Test(
        "within an incarnation the higher rank wins, whatever the sequence",
        arguments: MemberState.allCases,
        MemberState.allCases
    )
    func rank(left: MemberState, right: MemberState) throws {
        let older = try SampleReport.make("a", state: left, sequence: 1, busy: 1)
        let newer = try SampleReport.make("a", state: right, sequence: 2, busy: 2)
        let merged = older.merged(with: newer)
        #expect(merged.state == (left.rank > right.rank ? left : right))
        #expect(merged.load.busy == 2, "loads are those of the newer report")
        #expect(merged.sequence == 2)
    }
}
