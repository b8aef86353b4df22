import Domain
import HTTPTypes
import Hummingbird

/// The knobs of this node: read and turn them.
struct KnobRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.get("v1/knobs") { request, _ in
            try management.demand(.operate, of: request)
            return tagged(await management.knobs.current())
        }
        router.put("v1/knobs") { request, _ in
            try management.demand(.operate, of: request)
            let change = try await management.body(KnobList.Change.self, of: request)
            return tagged(
                try await management.knobs.turn(change.values, expecting: try request.expectedRevision())
            )
        }
    }

    private func tagged(_ list: KnobList) -> Response {
        management.json(list, headers: [.eTag: "\"\(list.revision)\""])
    }
}
