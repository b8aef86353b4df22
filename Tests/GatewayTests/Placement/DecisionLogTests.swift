import Domain
import Fabric
import Gateway
import Logging
import Scheduler
import Testing

/// Which decisions are remembered, and what is known of them.
struct DecisionLogTests {
    private var random = SplitMix64(seed: 1)
    private var placer: Placer
    private var log: DecisionLog
    private let version: FunctionVersion

    init() throws {
        let node = NodeDescription(
            name: try NodeName("n"),
            tier: try Tier("edge"),
            site: nil,
            cores: 1,
            memory: .gibibytes(1),
            architecture: "x86_64"
        )
        placer = Placer(local: node)
        log = DecisionLog(records: RecordKeeper(store: ForgetfulStore(), logger: Logger(label: "test")) { _ in })
        version = FunctionVersion(
            number: .first,
            digest: try #require(Digest(bytes: [UInt8](repeating: 1, count: 32))),
            spec: FunctionSpec(name: try FunctionName("f"), runtime: .swift, handler: "h"),
            bundleSize: 1,
            published: Timestamp(microseconds: 0)
        )
    }

    /// Decides about a call and notes that; `moment` is in microseconds.
    private mutating func decide(_ id: ExecutionID, at moment: Int64, replacing earlier: Int? = nil) -> Int {
        let decision = placer.decide(PlacementQuestion(version: version, now: UInt64(moment) * 1000), using: &random)
        return log.add(decision, of: id, replacing: earlier, at: Timestamp(microseconds: moment), took: 1)
    }

    private mutating func makeID() -> ExecutionID { ExecutionID(at: Timestamp(microseconds: 0), using: &random) }

    private func outcome(_ milliseconds: Double) throws -> ObservedOutcome {
        ObservedOutcome(node: try NodeName("n"), milliseconds: milliseconds, joules: 0, start: .warm, failure: nil)
    }

    @Test("the newest are remembered, each with how it went, the older ones forgotten")
    mutating func ring() throws {
        var calls: [(id: ExecutionID, number: Int)] = []
        for moment in 0..<(DecisionLog.limit + 3) {
            let id = makeID()
            calls.append((id, decide(id, at: Int64(moment))))
        }
        // The first three are gone: what is said of them now must not be taken for another's.
        for (place, call) in calls.enumerated() { log.join(call.number, of: call.id, with: try outcome(Double(place))) }
        #expect(calls.prefix(3).allSatisfy { log.report(of: $0.id) == nil })
        for (place, call) in calls.enumerated().dropFirst(3) {
            #expect(log.report(of: call.id)?.observed?.milliseconds == Double(place))
        }
        #expect(log.newest(2).map(\.execution) == calls.suffix(2).reversed().map(\.id))
        #expect(log.newest(.max).count == DecisionLog.limit && log.newest(0).isEmpty)
    }

    @Test("a second decision about a call takes the place of the first")
    mutating func replaced() {
        let (id, other) = (makeID(), makeID())
        let first = decide(id, at: 1)
        _ = decide(other, at: 2)
        #expect(decide(id, at: 3, replacing: first) == first)
        #expect(log.report(of: id)?.decided == Timestamp(microseconds: 3))
        #expect(log.newest(9).map(\.execution) == [other, id])
    }
}
