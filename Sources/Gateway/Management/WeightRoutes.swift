import Domain
import HTTPTypes
import Hummingbird

/// How placement weighs latency, energy, cost and carbon: read, set, look back, go back.
struct WeightRoutes {
    /// The body of `PUT /v1/weights`.
    private struct Change: Decodable {
        let table: WeightTable
        let note: String?
    }

    /// The body of `POST /v1/weights/rollback`.
    private struct Rollback: Decodable {
        let revision: Int
        let note: String?
    }

    private static let noteLimit = 200

    let management: Management

    func add(to router: Router<some RequestContext>) {
        let weights = router.group("v1/weights")
        weights.get { request, _ in
            try management.demand(.operate, of: request)
            return tagged(await management.control.currentWeights())
        }
        weights.put { request, _ in
            let token = try management.demand(.operate, of: request)
            let change = try await management.body(Change.self, of: request)
            let set = try await management.control.setWeights(
                change.table,
                note: try note(change.note),
                author: author(token),
                expecting: try request.expectedRevision()
            )
            return tagged(set)
        }
        weights.get("history") { request, _ in
            try management.demand(.operate, of: request)
            let limit = try request.number("limit", in: 1...1000, default: 50)
            return management.json(WeightHistory(revisions: try await management.control.history(limit: limit)))
        }
        weights.post("rollback") { request, _ in
            let token = try management.demand(.operate, of: request)
            let rollback = try await management.body(Rollback.self, of: request)
            let set = try await management.control.rollback(
                to: rollback.revision,
                note: try note(rollback.note),
                author: author(token),
                expecting: try request.expectedRevision()
            )
            return tagged(set)
        }
    }

    private func tagged(_ revision: WeightRevision) -> Response {
        management.json(revision, headers: [.eTag: revision.entityTag])
    }

    private func author(_ token: TokenRecord?) -> String {
        guard let token else { return management.node.name.text }
        return token.note.isEmpty ? "token \(token.id)" : "token \(token.id) (\(token.note))"
    }

    private func note(_ text: String?) throws -> String {
        let text = Printable.text(text ?? "", limit: Self.noteLimit + 1)
        guard text.count <= Self.noteLimit else {
            throw ProblemError(Invalid("note", "may have at most \(Self.noteLimit) characters"))
        }
        return text
    }
}

extension Request {
    /// The revision in `If-Match`; nil where there is none, or `*`.
    func expectedRevision() throws -> Int? {
        guard let text = headers[.ifMatch], text != "*" else { return nil }
        guard text.hasPrefix("\""), text.hasSuffix("\""), let revision = Int(text.dropFirst().dropLast()) else {
            throw ProblemError(Invalid("If-Match", "'\(Printable.text(text))' is not a revision like \"7\""))
        }
        return revision
    }
}
