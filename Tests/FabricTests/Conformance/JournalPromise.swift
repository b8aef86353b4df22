import Domain
import Fabric
import Testing

/// What every implementation of ``Journal`` promises; each is checked on a journal that is empty.
enum JournalPromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case keepsEverything = "an accepted call comes back with all it was made of"
    case knowsRepetitions = "a repeated id or idempotency key gives the call that is there; a misused key is told"
    case ownsKeysPerFunction = "an idempotency key counts within its function, as long as its execution is kept"
    case refusesEndedOffers = "only queued calls are accepted"
    case acceptsManyAtOnce = "calls that come at the same time are all there; of those with one key, one is"
    case givesDueInOrder = "due calls come oldest first, those in work left out, no more than asked for"
    case knowsNextDue = "the next call that is not yet due is known"
    case keepsAnswers = "an end is stored with its answer, and the call is no longer due"
    case keepsFirstEnd = "the first end stands"
    case reschedules = "a failed attempt keeps the call queued until its next attempt, unless it has ended"
    case redrivesDead = "only a dead execution is redriven, with no attempts counted"
    case cancelsQueued = "only a queued or dead execution is cancelled"
    case lists = "records are listed newest first, by function and state, page by page"
    case counts = "the backlog is counted"
    case callsBack = "a callback is due from the end of its execution until it is settled"
    case forgets = "what ended is forgotten, except dead ones and those whose callback is not settled"
    case vouches = "it vouches that it never had an execution only while it would know"
    case staysCalmAboutUnknown = "an unknown execution is nothing"

    var testDescription: String { rawValue }

    /// Checks the promise; the journal must be empty.
    func check(_ journal: some Journal) async throws {
        switch self {
        case .keepsEverything: try await Self.keepsEverything(journal)
        case .knowsRepetitions: try await Self.knowsRepetitions(journal)
        case .ownsKeysPerFunction: try await Self.ownsKeysPerFunction(journal)
        case .refusesEndedOffers: try await Self.refusesEndedOffers(journal)
        case .acceptsManyAtOnce: try await Self.acceptsManyAtOnce(journal)
        case .givesDueInOrder: try await Self.givesDueInOrder(journal)
        case .knowsNextDue: try await Self.knowsNextDue(journal)
        case .keepsAnswers: try await Self.keepsAnswers(journal)
        case .keepsFirstEnd: try await Self.keepsFirstEnd(journal)
        case .reschedules: try await Self.reschedules(journal)
        case .redrivesDead: try await Self.redrivesDead(journal)
        case .cancelsQueued: try await Self.cancelsQueued(journal)
        case .lists: try await Self.lists(journal)
        case .counts: try await Self.counts(journal)
        case .callsBack: try await Self.callsBack(journal)
        case .forgets: try await Self.forgets(journal)
        case .vouches: try await Self.vouches(journal)
        case .staysCalmAboutUnknown: try await Self.staysCalmAboutUnknown(journal)
        }
    }

    /// The numbers of the calls that are due.
    static func due(_ journal: some Journal, at seconds: Int64, limit: Int = 100) async throws -> [ExecutionID] {
        try await journal.due(at: Sample.time(seconds), limit: limit, excluding: []).map(\.record.id)
    }
}
