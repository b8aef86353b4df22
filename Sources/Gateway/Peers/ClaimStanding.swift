package import Domain

/// What a node says of an execution that an idempotency key is claimed for, and that should be at home there.
package enum ClaimStanding: Sendable, Equatable {
    /// It is in the journal.
    case kept(ExecutionRecord)
    /// It is about to be: it waits for its claim or for the disk.
    case pending
    /// It is not there and never will be: the node died, or refused it, between the claim and the disk.
    case never
    /// It may have been there: its record is no longer kept, or the node has lost its journal.
    case forgotten
}

extension ClaimStanding: Codable {
    private struct Form: Codable {
        enum State: String, Codable { case kept, pending, never, forgotten }

        let state: State
        let record: ExecutionRecord?
    }

    package init(from decoder: any Decoder) throws {
        let form = try Form(from: decoder)
        switch (form.state, form.record) {
        case (.kept, let record?): self = .kept(record)
        case (.kept, nil): throw Invalid("record", "is missing")
        case (.pending, _): self = .pending
        case (.never, _): self = .never
        case (.forgotten, _): self = .forgotten
        }
    }

    package func encode(to encoder: any Encoder) throws {
        let form =
            switch self {
            case .kept(let record): Form(state: .kept, record: record)
            case .pending: Form(state: .pending, record: nil)
            case .never: Form(state: .never, record: nil)
            case .forgotten: Form(state: .forgotten, record: nil)
            }
        try form.encode(to: encoder)
    }
}
