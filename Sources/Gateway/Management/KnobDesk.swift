import Scheduler
import Executor
import Domain
package import Fabric

/// The settings of this node that operators, and later agents, may turn while it runs.
package actor KnobDesk {
    private let store: any ContinuumStore
    private let bridge: CallBridge
    private var list: KnobList

    private static let standard = [
        Knob(
            name: "exploration",
            value: 0.01,
            default: 0.01,
            minimum: 0,
            maximum: 0.1,
            unit: "",
            scope: "node",
            help:
                "Share of calls that are placed on another node than the best, within their objective, in order to learn."
        ),
        Knob(
            name: "tie-margin",
            value: 0.02,
            default: 0.02,
            minimum: 0,
            maximum: 0.2,
            unit: "",
            scope: "node",
            help: "Nodes whose scores differ by less than this share take turns, warm ones first."
        ),
        Knob(
            name: "keep-alive",
            value: 1,
            default: 1,
            minimum: 0,
            maximum: 10,
            unit: "",
            scope: "node",
            help: "Factor on how long idle instances are kept."
        ),
    ]

    package init(store: any ContinuumStore, bridge: CallBridge) {
        self.store = store
        self.bridge = bridge
        self.list = KnobList(revision: 1, knobs: Self.standard)
    }

    /// Turns the knobs to where they were left.
    package func load() async throws {
        guard let bytes = try await store.document(.knobs) else { return }
        let kept = try JSON.decode(KnobList.self, from: bytes)
        var knobs = list.knobs
        for (index, knob) in knobs.enumerated() {
            guard let value = kept.knobs.first(where: { $0.name == knob.name })?.value else { continue }
            knobs[index] = (try? knob.turned(to: value)) ?? knob
        }
        list = KnobList(revision: kept.revision, knobs: knobs)
        apply()
    }

    func current() -> KnobList { list }

    /// Turns knobs; all of them or, when one is wrong, none.
    func turn(_ values: [String: Double], expecting expected: Int?) async throws -> KnobList {
        if let expected, expected != list.revision {
            throw ProblemError(
                "knobs.conflict",
                412,
                "Changed meanwhile",
                "the knobs are at revision \(list.revision) now; read them again and repeat the change"
            )
        }
        var knobs = list.knobs
        for (name, value) in values {
            guard let index = knobs.firstIndex(where: { $0.name == name }) else {
                let hint = NearestName.hint(for: name, among: knobs.map(\.name))
                throw ProblemError(Invalid(Printable.text(name), "is no knob; \(hint)"))
            }
            do {
                knobs[index] = try knobs[index].turned(to: value)
            } catch {
                throw ProblemError(error)
            }
        }
        let next = KnobList(revision: list.revision + 1, knobs: knobs)
        try await store.store(JSON.encode(next), as: .knobs)
        list = next
        apply()
        return next
    }

    private func apply() {
        let values = Dictionary(list.knobs.map { ($0.name, $0.value) }) { first, _ in first }
        bridge.execute { service in
            service.continuum.settings.explorationRate = values["exploration"] ?? 0
            service.continuum.settings.tieMargin = values["tie-margin"] ?? 0
            service.executor.keepAliveFactor = values["keep-alive"] ?? 1
        }
    }
}
