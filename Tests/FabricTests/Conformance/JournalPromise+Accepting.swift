import Domain
import Fabric
import Testing

extension JournalPromise {
    static func keepsEverything(_ journal: some Journal) async throws {
        var record = try Sample.fullRecord(1)
        record.state = .queued
        record.nextAttempt = Sample.time(3)
        let call = AcceptedCall(
            record: record,
            request: CallRequest(
                method: "PATCH",
                path: "/a%2Fb",
                query: Sample.hostile,
                headers: [HeaderField("x-a", Sample.hostile), HeaderField("x-a", "")]
            ),
            body: (0..<100_000).map { UInt8(truncatingIfNeeded: $0) },
            callbackURL: "https://example.org/?\(Sample.hostile)",
            idempotency: .init(key: Sample.hostile, fingerprint: "ab\u{0}cd"),
            tokenID: Sample.hostile,
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        )
        #expect(try await journal.accept(call) == .accepted)
        #expect(try await journal.due(at: Sample.time(3), limit: 1, excluding: []) == [call])
        let found = try #require(try await journal.execution(call.record.id))
        #expect(found.record == call.record)
        #expect(found.tokenID == call.tokenID)
        #expect(try await journal.answer(call.record.id) == nil)
        let empty = AcceptedCall(record: try Sample.record(2), request: CallRequest(method: "GET"), body: [])
        #expect(try await journal.accept(empty) == .accepted)
        #expect(try await journal.due(at: Sample.time(2), limit: 1, excluding: []) == [empty])
    }

    static func knowsRepetitions(_ journal: some Journal) async throws {
        #expect(try await journal.accept(Sample.call(1, key: "k\u{0}1")) == .accepted)
        let first = try Sample.id(1)
        #expect(try await journal.accept(Sample.call(1)) == .existing(first))
        #expect(try await journal.accept(Sample.call(2, key: "k\u{0}1")) == .existing(first))
        #expect(try await journal.accept(Sample.call(3, key: "k\u{0}1", fingerprint: "g")) == .keyReused(first))
        #expect(try await journal.accept(Sample.call(4, key: "k\u{0}2")) == .accepted)
        #expect(try await due(journal, at: 100) == [first, Sample.id(4)])
    }

    static func ownsKeysPerFunction(_ journal: some Journal) async throws {
        let call = try Sample.call(1, function: "one", key: "k")
        #expect(try await journal.accept(call) == .accepted)
        #expect(try await journal.accept(Sample.call(2, function: "two", key: "k")) == .accepted)
        try await journal.finish(Sample.ended(call), answer: nil)
        let again = try Sample.call(3, function: "one", key: "k")
        #expect(try await journal.accept(again) == .existing(call.record.id))
        #expect(try await journal.forget(endedBefore: Sample.time(100)) == 1)
        #expect(try await journal.accept(again) == .accepted)
    }

    static func refusesEndedOffers(_ journal: some Journal) async throws {
        let call = try Sample.call(1)
        let ended = AcceptedCall(record: Sample.ended(call), request: call.request, body: call.body)
        await #expect(throws: JournalError.self) { try await journal.accept(ended) }
        #expect(try await journal.execution(call.record.id) == nil)
    }

    static func acceptsManyAtOnce(_ journal: some Journal) async throws {
        let acceptances = try await withThrowingTaskGroup { group in
            for number in 1...200 {
                // Every call with an even number has the same key.
                let call = try Sample.call(number, key: number.isMultiple(of: 2) ? "even" : nil)
                group.addTask { try await journal.accept(call) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(acceptances.count { $0 == .accepted } == 101)
        let existing = acceptances.filter { $0 != .accepted }
        #expect(Set(existing.map { "\($0)" }).count == 1)
        #expect(try await due(journal, at: 1000, limit: 1000).count == 101)
        #expect(try await journal.backlog().queued == 101)
    }
}
