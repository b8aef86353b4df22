import Domain
import Fabric
import Testing

extension JournalPromise {
    static func givesDueInOrder(_ journal: some Journal) async throws {
        for number in [3, 1, 2, 5, 4] { _ = try await journal.accept(Sample.call(number)) }
        let ids = try (1...5).map(Sample.id)
        #expect(try await due(journal, at: 0) == [])
        #expect(try await due(journal, at: 3) == Array(ids[0..<3]))
        #expect(try await due(journal, at: 9, limit: 2) == Array(ids[0..<2]))
        #expect(try await due(journal, at: 9, limit: 0) == [])
        let others = try await journal.due(at: Sample.time(9), limit: 2, excluding: [ids[0], ids[2]])
        #expect(others.map(\.record.id) == [ids[1], ids[3]])
    }

    static func knowsNextDue(_ journal: some Journal) async throws {
        #expect(try await journal.nextDue(after: Sample.time(0)) == nil)
        let call = try Sample.call(5)
        _ = try await journal.accept(call)
        _ = try await journal.accept(Sample.call(7))
        #expect(try await journal.nextDue(after: Sample.time(0)) == Sample.time(5))
        #expect(try await journal.nextDue(after: Sample.time(5)) == Sample.time(7))
        #expect(try await journal.nextDue(after: Sample.time(7)) == nil)
        try await journal.finish(Sample.ended(call), answer: nil)
        #expect(try await journal.nextDue(after: Sample.time(0)) == Sample.time(7))
    }

    static func keepsAnswers(_ journal: some Journal) async throws {
        let call = try Sample.call(1)
        _ = try await journal.accept(call)
        var record = try Sample.fullRecord(1)
        record.state = .failed
        let answer = CallAnswer(status: 500, headers: [HeaderField("x", Sample.hostile)], body: [0, 255, 0])
        try await journal.finish(record, answer: answer)
        #expect(try await journal.execution(call.record.id)?.record == record)
        #expect(try await journal.answer(call.record.id) == answer)
        #expect(try await due(journal, at: 100) == [])
    }

    static func keepsFirstEnd(_ journal: some Journal) async throws {
        let call = try Sample.call(1)
        _ = try await journal.accept(call)
        #expect(try await journal.cancel(call.record.id, at: Sample.time(2)))
        try await journal.finish(Sample.ended(call), answer: CallAnswer(status: 200))
        #expect(try await journal.execution(call.record.id)?.record.state == .cancelled)
        #expect(try await journal.answer(call.record.id) == nil)

        let other = try Sample.call(2)
        _ = try await journal.accept(other)
        try await journal.finish(Sample.ended(other), answer: CallAnswer(status: 201))
        try await journal.finish(Sample.ended(other, as: .failed), answer: CallAnswer(status: 502))
        #expect(try await journal.execution(other.record.id)?.record == Sample.ended(other))
        #expect(try await journal.answer(other.record.id)?.status == 201)
        await #expect(throws: JournalError.self) { try await journal.finish(other.record, answer: nil) }
    }

    static func reschedules(_ journal: some Journal) async throws {
        let call = try Sample.call(1)
        _ = try await journal.accept(call)
        var record = call.record
        record.attempts = 1
        record.failure = CallFailure(.crash, "signal 11")
        record.nextAttempt = Sample.time(30)
        try await journal.reschedule(record)
        #expect(try await due(journal, at: 29) == [])
        let again = try await journal.due(at: Sample.time(30), limit: 9, excluding: [])
        #expect(again.map(\.record) == [record])
        #expect(again.first?.body == call.body)
        #expect(try await journal.nextDue(after: Sample.time(2)) == Sample.time(30))

        #expect(try await journal.cancel(call.record.id, at: Sample.time(31)))
        try await journal.reschedule(record)
        #expect(try await journal.execution(call.record.id)?.record.state == .cancelled)
        #expect(try await due(journal, at: 100) == [])
    }

    static func redrivesDead(_ journal: some Journal) async throws {
        let call = try Sample.call(1, callbackURL: "http://a/")
        _ = try await journal.accept(call)
        let id = call.record.id
        #expect(try await journal.redrive(id, at: Sample.time(2)) == false)
        try await journal.finish(Sample.ended(call, as: .dead), answer: CallAnswer(status: 500))
        try await journal.callbackAttempted(id, delivered: true, next: nil)
        #expect(try await journal.redrive(id, at: Sample.time(9)))
        let again = try #require(try await journal.due(at: Sample.time(9), limit: 9, excluding: []).first)
        #expect(again.body == call.body)
        #expect(again.request == call.request)
        #expect(again.record.state == .queued)
        #expect(again.record.attempts == 0)
        #expect(again.record.finished == nil)
        #expect(again.record.failure == nil)
        #expect(try await journal.answer(id) == nil)
        #expect(try await journal.redrive(id, at: Sample.time(9)) == false)
        // Its second end is told as its first was.
        try await journal.finish(Sample.ended(call), answer: CallAnswer(status: 200))
        #expect(try await journal.callbacksDue(at: Sample.time(99), limit: 9).map(\.attempts) == [0])
        #expect(try await journal.answer(id)?.status == 200)
        #expect(try await journal.redrive(id, at: Sample.time(9)) == false)
    }

    static func cancelsQueued(_ journal: some Journal) async throws {
        let call = try Sample.call(1, callbackURL: "http://a/")
        _ = try await journal.accept(call)
        #expect(try await journal.cancel(call.record.id, at: Sample.time(5)))
        let record = try #require(try await journal.execution(call.record.id)?.record)
        #expect(record.state == .cancelled)
        #expect(record.finished == Sample.time(5))
        #expect(record.failure?.kind == .cancelled)
        #expect(try await due(journal, at: 100) == [])
        #expect(try await journal.callbacksDue(at: Sample.time(5), limit: 9).map(\.id) == [call.record.id])
        #expect(try await journal.cancel(call.record.id, at: Sample.time(6)) == false)
        let dead = try Sample.call(2, callbackURL: "http://b/")
        _ = try await journal.accept(dead)
        try await journal.finish(Sample.ended(dead, as: .dead), answer: nil)
        try await journal.callbackAttempted(dead.record.id, delivered: true, next: nil)
        #expect(try await journal.cancel(dead.record.id, at: Sample.time(6)))
        #expect(try await journal.execution(dead.record.id)?.record.state == .cancelled)
        #expect(try await !journal.callbacksDue(at: Sample.time(9), limit: 9).map(\.id).contains(dead.record.id))
        #expect(try await journal.redrive(dead.record.id, at: Sample.time(7)) == false)
        let over = try Sample.call(3)
        _ = try await journal.accept(over)
        try await journal.finish(Sample.ended(over), answer: nil)
        #expect(try await journal.cancel(over.record.id, at: Sample.time(8)) == false)
    }
}
