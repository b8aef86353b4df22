import ArgumentParser
import Commands
import Domain
import Synchronization
import Testing

@Suite("godwit weights")
struct WeightsTests {
    /// The body of a change.
    private struct Change: Decodable {
        let table: WeightTable
        let note: String
    }

    private static func revision(_ number: Int, _ table: WeightTable = .init(), note: String = "") -> WeightRevision {
        WeightRevision(revision: number, table: table, changed: Sample.ago(3600), author: "ops", note: note)
    }

    private static func table() throws -> WeightTable {
        WeightTable(
            functions: [try FunctionName("resize"): try Weights(latency: 1, energy: 1, cost: 1, carbon: 0)],
            tiers: [try Tier("cloud"): Weights(only: .cost)]
        )
    }

    /// A node that keeps weights as the real one does: it takes what is of the revision that is there.
    private final class Keeper: Sendable {
        private let state: Mutex<WeightRevision>
        /// How often somebody else changes the weights between a read and a write.
        private let intruders: Mutex<Int>

        init(_ revision: WeightRevision, intruders: Int = 0) {
            self.state = Mutex(revision)
            self.intruders = Mutex(intruders)
        }

        func answer(_ request: FakeNode.Request) -> FakeNode.Answer {
            state.withLock { state in
                if request.line == "GET /v1/weights" { return Self.answer(state) }
                let isIntruded = intruders.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isIntruded { state = revision(state.revision + 1, note: "faster") }
                guard request.headers["if-match"] == state.entityTag else {
                    return .problem("revision.conflict", status: 412, origin: "platform")
                }
                guard let change = try? JSON.value(Change.self, request.body) else { return Self.answer(state) }
                state = revision(state.revision + 1, change.table, note: change.note)
                return Self.answer(state)
            }
        }

        private static func answer(_ revision: WeightRevision) -> FakeNode.Answer {
            var answer = FakeNode.Answer.json((try? JSON.text(revision)) ?? "")
            answer.headers.append(("ETag", revision.entityTag))
            return answer
        }
    }

    @Test("what holds, since when and by whom")
    func show() async throws {
        let revision = Self.revision(7, try Self.table(), note: "cheaper nights")
        let json = try JSON.text(revision)
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let shown = try await perform(WeightsShowCommand.self, "--url", url)
            #expect(
                shown.output == """
                    revision    7
                    changed     2026-01-31 11:00:00.000 UTC, 60 min ago
                    by          ops
                    note        cheaper nights
                    preference  callers may move them by 50 %

                    WEIGHTS FOR      LATENCY  ENERGY   COST  CARBON
                    everything         0.600   0.300  0.050   0.050
                    tier cloud         0.000   0.000  1.000   0.000
                    function resize    0.334   0.333  0.333   0.000

                    """
            )
            #expect(node.requests.last?.line == "GET /v1/weights")
            #expect(try await perform(WeightsShowCommand.self, "--json", "--url", url).output == json + "\n")
        }
        let parsed = try WeightsCommand.parseAsRoot(["--json"])
        #expect(parsed is WeightsShowCommand)
    }

    @Test("a change keeps the rest, and holds only for what was read")
    func set() async throws {
        let keeper = Keeper(Self.revision(7, try Self.table()))
        try await FakeNode.with(keeper.answer) { node, url in
            let set = try await perform(WeightsSetCommand.self, "latency=1", "energy=3", "--note", "why", "--url", url)
            #expect(set.code == 0, "\(set.errors)")
            #expect(set.output.contains("everything         0.250   0.750  0.000   0.000\n"))
            #expect(set.errors == "The weights are of revision 8 now.\n")
            let request = try #require(node.requests.last)
            #expect(request.line == "PUT /v1/weights")
            #expect(request.headers["if-match"] == "\"7\"")
            #expect(request.headers["content-type"] == "application/json")
            var expected = try Self.table()
            expected.global = try Weights(latency: 1, energy: 3, cost: 0, carbon: 0)
            let change = try JSON.value(Change.self, request.body)
            #expect(change.table == expected)
            #expect(change.note == "why")

            let function = try await perform(WeightsSetCommand.self, "carbon=1", "--function", "new", "--url", url)
            #expect(function.output.contains("function new       0.000   0.000  0.000   1.000\n"))
            let share = try await perform(WeightsSetCommand.self, "--preference-share", "0.2", "--json", "--url", url)
            #expect(try JSON.value(WeightRevision.self, Array(share.output.utf8)).table.preferenceShare == 0.2)
            let tier = try await perform(WeightsUnsetCommand.self, "--tier", "cloud", "--url", url)
            #expect(tier.code == 0)
            #expect(!tier.output.contains("tier cloud"))
            let again = try await perform(WeightsUnsetCommand.self, "--tier", "cloud", "--url", url)
            #expect(again.code == 1)
            #expect(again.errors.contains("no weights for tier cloud"))
        }
    }

    @Test("one change that comes between is taken in")
    func retry() async throws {
        let keeper = Keeper(Self.revision(7), intruders: 1)
        try await FakeNode.with(keeper.answer) { node, url in
            let set = try await perform(WeightsSetCommand.self, "cost=1", "--url", url)
            #expect(set.code == 0)
            #expect(
                node.requests.map(\.line) == [
                    "GET /v1/weights", "PUT /v1/weights", "GET /v1/weights", "PUT /v1/weights",
                ]
            )
            #expect(node.requests.last?.headers["if-match"] == "\"8\"")
            #expect(set.errors == "The weights are of revision 9 now.\n")
        }
    }

    @Test("two are not, and none where a revision was given", arguments: [(2, false), (1, true)])
    func conflict(intruders: Int, isStrict: Bool) async throws {
        let keeper = Keeper(Self.revision(7), intruders: intruders)
        try await FakeNode.with(keeper.answer) { node, url in
            let set =
                if isStrict {
                    try await perform(WeightsSetCommand.self, "cost=1", "--url", url, "--if-match", "7")
                } else {
                    try await perform(WeightsSetCommand.self, "cost=1", "--url", url)
                }
            #expect(set.code == 1)
            #expect(set.output.isEmpty)
            #expect(set.errors.contains("somebody else changed the weights"))
            // What there is now, and by whom.
            #expect(set.errors.contains("revision    \(7 + intruders)"))
            #expect(set.errors.contains("note        faster"))
            #expect(set.errors.contains("`godwit weights`"))
            #expect(node.requests.count { $0.line.hasPrefix("PUT") } == intruders)
        }
    }

    @Test("history, and a way back")
    func history() async throws {
        let history = WeightHistory(revisions: [Self.revision(2, try Self.table(), note: "trial"), Self.revision(1)])
        let list = try JSON.text(history)
        let current = try JSON.text(Self.revision(2))
        let next = try JSON.text(Self.revision(3, note: "rollback to 1"))
        try await FakeNode.with({ request in
            switch request.line {
            case "GET /v1/weights/history": .json(list)
            case "GET /v1/weights": .json(current)
            case "POST /v1/weights/rollback": .json(next)
            default: .init(status: 404)
            }
        }) { node, url in
            let shown = try await perform(WeightsHistoryCommand.self, "--url", url)
            #expect(
                shown.output == """
                    REVISION  CHANGED     BY   LATENCY  ENERGY   COST  CARBON  TIERS  FUNCTIONS  NOTE
                           2  60 min ago  ops    0.600   0.300  0.050   0.050      1          1  trial
                           1  60 min ago  ops    0.600   0.300  0.050   0.050      0          0  -

                    """
            )
            #expect(try await perform(WeightsHistoryCommand.self, "--json", "--url", url).output == list + "\n")
            let back = try await perform(WeightsRollbackCommand.self, "1", "--note", "it was better", "--url", url)
            #expect(back.errors == "The weights are of revision 3 now, as they were in 1.\n")
            let request = try #require(node.requests.last)
            #expect(request.headers["if-match"] == "\"2\"")
            #expect(request.text.contains(#""revision":1"#))
            #expect(request.text.contains(#""note":"it was better""#))
            let same = try await perform(WeightsRollbackCommand.self, "2", "--url", url)
            #expect(same.code == 1)
            #expect(node.requests.last?.line == "GET /v1/weights")
        }
    }

    @Test("wrong usage is refused before anything is sent, with the nearest name")
    func usage() throws {
        let wrong = [
            [], ["latency"], ["latency=x"], ["latency=-1"], ["latency=0"], ["latency=1", "latency=2"], ["=1"],
            ["cost=1", "--tier", "a", "--function", "b"], ["--preference-share", "2"], ["--function", "f"],
            ["cost=1", "--tier", "edge", "--preference-share", "0.1"], ["cost=1", "--if-match", "-2"],
        ]
        for arguments in wrong {
            #expect(throws: (any Error).self, "\(arguments)") { try WeightsSetCommand.parse(arguments) }
        }
        #expect(throws: (any Error).self) { try WeightsUnsetCommand.parse([]) }
        #expect(throws: (any Error).self) { try WeightsRollbackCommand.parse(["0"]) }
        let error = try #require(throws: (any Error).self) { try WeightsSetCommand.parse(["latncy=1"]) }
        #expect(WeightsSetCommand.fullMessage(for: error).contains("did you mean 'latency'?"))
        #expect(WeightsSetCommand.exitCode(for: error).rawValue == 64)
    }
}
