import ArgumentParser
import Commands
import Domain
import Testing

@Suite("godwit explain")
struct ExplainTests {
    private static let id = "01arz3ndektsv4rrffq69g5fav"

    private static func near() throws -> CandidateReport {
        try Sample.candidate(
            "edge-nuc-2",
            tier: "edge",
            contributions: .init(latency: 0.2351, energy: 0.2404, cost: 0.1346, carbon: 0, penalty: 0),
            terms: .init(network: 1.24, transfer: 0.33, wait: 0, cold: 5.5, execution: 133.93),
            tail: 212,
            joules: 0.38,
            cost: 2.1e-6,
            cold: 0.02
        )
    }

    private static func far() throws -> CandidateReport {
        try Sample.candidate(
            "cloud-2",
            tier: "cloud",
            contributions: .init(latency: 0.1967, energy: 0.4492, cost: 0.0141, carbon: 0, penalty: 0),
            terms: .init(network: 45, transfer: 6.04, wait: 0, cold: 0, execution: 67),
            tail: 160,
            joules: 0.71,
            cost: 0.09,
            cold: 0.001,
            whyNot: "energy +330 mJ"
        )
    }

    private static func report(
        chosen: String? = "edge-nuc-2",
        runnerUp: String? = "cloud-2",
        candidates: [CandidateReport],
        excluded: [ExclusionReport] = [],
        counterfactuals: [Counterfactual] = [],
        shadow: ShadowChoice? = nil,
        observed: ObservedOutcome? = nil
    ) throws -> DecisionReport {
        DecisionReport(
            execution: try ExecutionID(id),
            function: try FunctionName("resize"),
            version: .first.next,
            decided: Sample.ago(60),
            decidedBy: try NodeName("edge-1"),
            policy: "godwit",
            model: "additive-1/r1204",
            weights: try Weights(latency: 0.5, energy: 0.4, cost: 0.1, carbon: 0),
            weightRevision: 7,
            preference: .energy,
            objective: Objective(latency: .milliseconds(300)),
            lambda: 1.7,
            references: .init(latencyMilliseconds: 300, joules: 0.6, cost: 0.1, grams: 0.01),
            requestBytes: 2048,
            chosen: try chosen.map(NodeName.init),
            runnerUp: try runnerUp.map(NodeName.init),
            isExploration: false,
            propensity: 0.98,
            tookNanoseconds: 2900,
            reason: "least score",
            candidates: candidates,
            moreCandidates: candidates.isEmpty ? 0 : 37,
            excluded: excluded,
            moreExcluded: 0,
            counterfactuals: counterfactuals,
            shadow: shadow,
            observed: observed
        )
    }

    private static func full() throws -> DecisionReport {
        try report(
            candidates: [near(), far()],
            excluded: [
                .init(node: try NodeName("edge-rpi-7"), reasons: ["breaker open", "it has no coral-tpu"]),
                .init(node: try NodeName("nas"), reasons: ["draining"]),
            ],
            counterfactuals: [
                .init(
                    kind: .weight,
                    weight: .energy,
                    subject: nil,
                    current: 0.4,
                    threshold: 0.33,
                    winner: try NodeName("cloud-2"),
                    text: "cloud-2, if the weight of energy were below 0.33"
                ),
                .init(
                    kind: .roundTrip,
                    weight: nil,
                    subject: try NodeName("cloud-2"),
                    current: 45,
                    threshold: 12,
                    winner: try NodeName("cloud-2"),
                    text: ""
                ),
            ],
            shadow: .init(policy: "shortest-delay", chosen: try NodeName("cloud-2")),
            observed: .init(
                node: try NodeName("edge-nuc-2"),
                milliseconds: 149.46,
                joules: 0.342,
                start: .warm,
                failure: nil
            )
        )
    }

    @Test("the whole record; what is shown adds up")
    func whole() async throws {
        let json = try JSON.text(try Self.full())
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let shown = try await perform(ExplainCommand.self, Self.id, "--url", url)
            #expect(node.requests.last?.line == "GET /v1/executions/\(Self.id)/decision")
            #expect(
                shown.output == """
                    execution  01arz3ndektsv4rrffq69g5fav
                    function   resize@2, 2.00 KiB of body
                    chosen     edge-nuc-2: least score
                    decided    2026-01-31 11:59:00.000 UTC by edge-1
                    policy     godwit, model additive-1/r1204, took 2.90 µs, propensity 0.98
                    weights    latency 0.500, energy 0.400, cost 0.100, carbon 0.000 (revision 7, caller prefers energy)
                    objective  95.0 % of calls within 300ms, missing it costs λ 1.70

                      CANDIDATE   TIER   SCORE     P50     P95  ENERGY    COST    COLD   OBS  WHY NOT
                    * edge-nuc-2  edge   0.610  141 ms  212 ms  380 mJ  2.1e-6     2 %  1204  chosen
                      cloud-2     cloud  0.660  118 ms  160 ms  710 mJ   0.090  0.10 %  1204  energy +330 mJ
                      and 37 more

                    TIME, ms    edge-nuc-2  cloud-2  DIFFERENCE
                    network            1.3     45.0       -43.7
                    transfer           0.3      6.0        -5.7
                    wait               0.0      0.0         0.0
                    cold start         5.5      0.0        +5.5
                    execution        133.9     67.0       +66.9
                    time             141.0    118.0       +23.0

                    SCORE, weighted  edge-nuc-2  cloud-2  DIFFERENCE
                    latency               0.235    0.197      +0.038
                    energy                0.240    0.449      -0.209
                    cost                  0.135    0.014      +0.121
                    carbon                0.000    0.000       0.000
                    penalty               0.000    0.000       0.000
                    score                 0.610    0.660      -0.050

                    Excluded (2):
                      edge-rpi-7  breaker open; it has no coral-tpu
                      nas         draining

                    It would have been:
                      cloud-2, if the weight of energy were below 0.33
                      cloud-2, if the round trip of cloud-2 took at most 12.0 ms, not 45.0 ms

                    In the shadow, shortest-delay would have chosen cloud-2.
                             PREDICTED    OBSERVED  CHANGE
                    node    edge-nuc-2  edge-nuc-2       -
                    time        141 ms      149 ms    +6 %
                    energy      380 mJ      342 mJ   -10 %
                    start     2 % cold        warm       -

                    """
            )
            #expect(try await perform(ExplainCommand.self, Self.id, "--json", "--url", url).output == json + "\n")
        }
    }

    @Test("without a rival, and before it is over")
    func alone() async throws {
        let json = try JSON.text(try Self.report(runnerUp: nil, candidates: [try Self.near()]))
        try await FakeNode.with({ _ in .json(json) }) { _, url in
            let shown = try await perform(ExplainCommand.self, Self.id, "--url", url)
            #expect(shown.output.contains("\nTIME, ms    edge-nuc-2\nnetwork            1.3\n"))
            #expect(shown.output.contains("\nscore                 0.610\n"))
            #expect(shown.output.hasSuffix("\nNothing was observed yet; ask again when the execution is over.\n"))
            #expect(!shown.output.contains("DIFFERENCE"))
            #expect(!shown.output.contains("Excluded"))
        }
    }

    @Test("where nobody could, and where it ended elsewhere")
    func failures() async throws {
        let nobody = try JSON.text(
            try Self.report(
                chosen: nil,
                runnerUp: nil,
                candidates: [],
                excluded: [.init(node: try NodeName("nas"), reasons: ["draining"])],
                shadow: .init(policy: "random", chosen: nil)
            )
        )
        try await FakeNode.with({ _ in .json(nobody) }) { _, url in
            let shown = try await perform(ExplainCommand.self, Self.id, "--url", url)
            #expect(shown.output.contains("chosen     none: least score\n"))
            #expect(shown.output.contains("\nNo node could take the call.\n"))
            #expect(shown.output.contains("\nIn the shadow, random would have found no node.\n"))
        }
        let moved = try JSON.text(
            try Self.report(
                candidates: [try Self.near(), try Self.far()],
                observed: .init(
                    node: try NodeName("cloud-2"),
                    milliseconds: 900,
                    joules: 0,
                    start: nil,
                    failure: "platform.timeout"
                )
            )
        )
        try await FakeNode.with({ _ in .json(moved) }) { _, url in
            let shown = try await perform(ExplainCommand.self, Self.id, "--url", url)
            #expect(shown.output.contains("It ended on another node than the chosen one"))
            #expect(shown.output.hasSuffix("It failed: platform.timeout\n"))
        }
        try await FakeNode.with({ _ in .problem("decision.unknown", status: 404, origin: "platform") }) { _, url in
            let gone = try await perform(ExplainCommand.self, Self.id, "--url", url)
            #expect(gone.code == 1)
            #expect(gone.errors.contains("the detail"))
        }
        #expect(throws: (any Error).self) { try ExplainCommand.parse(["7f3a"]) }
    }
}
