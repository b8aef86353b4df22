import ArgumentParser
import Commands
import Domain
import Synchronization
import Testing

@Suite("godwit knobs")
struct KnobsTests {
    private static func list(_ revision: Int = 4) -> KnobList {
        KnobList(
            revision: revision,
            knobs: [
                Knob(
                    name: "queue",
                    value: 1000,
                    default: 1000,
                    minimum: 0,
                    maximum: 100_000,
                    unit: "calls",
                    scope: "node",
                    help: "Calls that may wait."
                ),
                Knob(
                    name: "exploration",
                    value: 0.02,
                    default: 0.01,
                    minimum: 0,
                    maximum: 0.1,
                    scope: "continuum",
                    help: "Share of calls that learn."
                ),
            ]
        )
    }

    private static let table = """
        NAME         VALUE  DEFAULT  FROM      TO  UNIT   SCOPE      WHAT IT DOES
        exploration   0.02     0.01     0     0.1  -      continuum  Share of calls that learn.
        queue         1000     1000     0  100000  calls  node       Calls that may wait.

        """

    @Test("all knobs with their bounds")
    func show() async throws {
        let json = try JSON.text(Self.list())
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let shown = try await perform(KnobsShowCommand.self, "--url", url)
            #expect(shown.output == Self.table)
            #expect(node.requests.last?.line == "GET /v1/knobs")
            #expect(try await perform(KnobsShowCommand.self, "--json", "--url", url).output == json + "\n")
        }
        let parsed = try KnobsCommand.parseAsRoot([])
        #expect(parsed is KnobsShowCommand)
    }

    @Test("turning takes in what came between, once")
    func set() async throws {
        let state = Mutex((list: Self.list(), isIntruded: false))
        try await FakeNode.with({ request in
            state.withLock { state in
                if request.line == "PUT /v1/knobs" {
                    if !state.isIntruded {
                        state = (Self.list(state.list.revision + 1), true)
                    }
                    guard request.headers["if-match"] == state.list.entityTag else { return .init(status: 412) }
                    guard let change = try? JSON.value(KnobList.Change.self, request.body),
                        let list = try? state.list.making(change)
                    else { return .init(status: 400) }
                    state.list = list
                }
                return .json((try? JSON.text(state.list)) ?? "")
            }
        }) { node, url in
            let set = try await perform(KnobsSetCommand.self, "queue=50", "--url", url)
            #expect(set.code == 0, "\(set.errors)")
            #expect(set.output.contains("queue     50     1000"))
            #expect(!set.output.contains("exploration"))
            #expect(set.errors == "The knobs are of revision 6 now.\n")
            #expect(node.requests.last?.text == #"{"values":{"queue":50}}"#)
            let late = try await perform(KnobsSetCommand.self, "queue=51", "--if-match", "4", "--url", url)
            #expect(late.code == 1)
            #expect(late.errors.contains("somebody else changed the knobs: they are no longer of revision 4"))
            #expect(late.errors.contains("  revision 6"))
            let whole = try await perform(KnobsSetCommand.self, "queue=52", "--json", "--url", url)
            #expect(try JSON.value(KnobList.self, Array(whole.output.utf8)).revision == 7)
        }
    }

    @Test("unknown names and values out of bounds change nothing")
    func mistakes() async throws {
        let json = try JSON.text(Self.list())
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let unknown = try await perform(KnobsSetCommand.self, "queu=1", "exploration=0", "--url", url)
            #expect(unknown.code == 64)
            #expect(unknown.errors.contains("did you mean 'queue'?"))
            let outside = try await perform(KnobsSetCommand.self, "queue=-1", "--url", url)
            #expect(outside.code == 64)
            #expect(outside.errors.contains("queue: -1.0 is outside 0.0 to 100000.0 calls"))
            #expect(node.requests.allSatisfy { $0.line == "GET /v1/knobs" })
        }
        for arguments in [[], ["queue"], ["queue=1", "queue=2"], ["queue=nan"]] {
            #expect(throws: (any Error).self) { try KnobsSetCommand.parse(arguments) }
        }
    }
}
