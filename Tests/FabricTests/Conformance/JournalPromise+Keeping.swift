import Domain
import Fabric
import Foundation
import Testing

extension JournalPromise {
    static func lists(_ journal: some Journal) async throws {
        for number in 1...6 {
            let call = try Sample.call(number, function: number.isMultiple(of: 2) ? "even" : "odd")
            _ = try await journal.accept(call)
            if number > 4 { try await journal.finish(Sample.ended(call, as: .dead), answer: nil) }
        }
        func numbers(_ filter: ExecutionFilter) async throws -> [ExecutionID] {
            try await journal.executions(filter).map(\.id)
        }
        func ids(_ numbers: Int...) throws -> [ExecutionID] { try numbers.map(Sample.id) }
        #expect(try await numbers(.init()) == ids(6, 5, 4, 3, 2, 1))
        #expect(try await numbers(.init(function: Sample.function("even"))) == ids(6, 4, 2))
        #expect(try await numbers(.init(states: [.dead])) == ids(6, 5))
        #expect(try await numbers(.init(states: [.dead, .queued], limit: 3)) == ids(6, 5, 4))
        #expect(try await numbers(.init(before: Sample.id(3))) == ids(2, 1))
        let narrow = try ExecutionFilter(
            function: Sample.function("odd"),
            states: [.queued],
            before: Sample.id(3),
            limit: 9
        )
        #expect(try await numbers(narrow) == ids(1))
        #expect(try await numbers(.init(states: [.cancelled])) == [])
    }

    static func counts(_ journal: some Journal) async throws {
        #expect(try await journal.backlog() == (0, 0))
        for (number, state) in [(1, nil), (2, .dead), (3, .succeeded), (4, nil), (5, nil)] as [(Int, ExecutionState?)] {
            let call = try Sample.call(number)
            _ = try await journal.accept(call)
            if let state { try await journal.finish(Sample.ended(call, as: state), answer: nil) }
        }
        #expect(try await journal.backlog() == (3, 1))
    }

    static func callsBack(_ journal: some Journal) async throws {
        let calls = try (1...3).map { try Sample.call($0, callbackURL: "http://host/\($0)?\(Sample.hostile)") }
        for call in calls { _ = try await journal.accept(call) }
        #expect(try await journal.callbacksDue(at: Sample.time(100), limit: 9) == [])
        // Attempts before the end count for nothing.
        try await journal.callbackAttempted(calls[0].record.id, delivered: false, next: Sample.time(1))
        for call in calls { try await journal.finish(Sample.ended(call), answer: nil) }
        let due = try await journal.callbacksDue(at: Sample.time(100), limit: 9)
        #expect(due == calls.map { PendingCallback(id: $0.record.id, url: $0.callbackURL ?? "", attempts: 0) })
        #expect(try await journal.callbacksDue(at: Sample.time(100), limit: 1).map(\.id) == [calls[0].record.id])
        #expect(try await journal.callbacksDue(at: Sample.time(1), limit: 9) == [])

        try await journal.callbackAttempted(calls[0].record.id, delivered: false, next: Sample.time(50))
        try await journal.callbackAttempted(calls[1].record.id, delivered: true, next: nil)
        try await journal.callbackAttempted(calls[2].record.id, delivered: false, next: nil)
        #expect(try await journal.callbacksDue(at: Sample.time(49), limit: 9) == [])
        let later = try await journal.callbacksDue(at: Sample.time(50), limit: 9)
        #expect(later.map(\.id) == [calls[0].record.id])
        #expect(later.map(\.attempts) == [1])
    }

    static func forgets(_ journal: some Journal) async throws {
        let calls = try (1...5).map { try Sample.call($0, callbackURL: $0 == 3 ? "http://a/" : nil) }
        for call in calls { _ = try await journal.accept(call) }
        let answer = CallAnswer(status: 200, body: [1])
        try await journal.finish(Sample.ended(calls[0]), answer: answer)
        try await journal.finish(Sample.ended(calls[1], as: .dead), answer: answer)
        try await journal.finish(Sample.ended(calls[2]), answer: answer)
        try await journal.finish(Sample.ended(calls[3]), answer: answer)
        // The ends are at seconds 2, 3, 4 and 5.
        #expect(try await journal.forget(endedBefore: Sample.time(2)) == 0)
        #expect(try await journal.forget(endedBefore: Sample.time(5)) == 1)
        #expect(try await journal.execution(calls[0].record.id) == nil)
        #expect(try await journal.answer(calls[0].record.id) == nil)
        try await journal.callbackAttempted(calls[2].record.id, delivered: true, next: nil)
        #expect(try await journal.forget(endedBefore: Sample.time(1000)) == 2)
        #expect(try await journal.executions(.init()).map(\.id) == [calls[4].record.id, calls[1].record.id])
        #expect(try await journal.redrive(calls[1].record.id, at: Sample.time(9)))
    }

    static func vouches(_ journal: some Journal) async throws {
        // Before the journal was there, it cannot know.
        #expect(try await !journal.neverHad(Sample.id(1)))
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let ids = (1...3).map { ExecutionID(at: now.advanced(by: .seconds($0 * 10)), using: &random) }
        for id in ids { #expect(try await journal.neverHad(id)) }
        let call = try Sample.call(ids[1], key: "k")
        _ = try await journal.accept(call)
        #expect(try await journal.neverHad(ids[1]) == false)
        #expect(try await journal.execution(of: "k", for: call.record.function)?.id == ids[1])
        #expect(try await journal.execution(of: "k", for: Sample.function("another")) == nil)
        #expect(try await journal.execution(of: "j", for: call.record.function) == nil)
        try await journal.finish(Sample.ended(call), answer: nil)
        #expect(try await journal.forget(endedBefore: Sample.time(1000)) == 1)
        // One that was made earlier may have been forgotten too; a later one cannot have been.
        #expect(try await journal.neverHad(ids[0]) == false)
        #expect(try await journal.neverHad(ids[1]) == false)
        #expect(try await journal.neverHad(ids[2]))
        #expect(try await journal.execution(of: "k", for: call.record.function) == nil)
    }

    static func staysCalmAboutUnknown(_ journal: some Journal) async throws {
        let call = try Sample.call(1)
        #expect(try await journal.execution(call.record.id) == nil)
        #expect(try await journal.answer(call.record.id) == nil)
        #expect(try await journal.cancel(call.record.id, at: Sample.time(1)) == false)
        #expect(try await journal.redrive(call.record.id, at: Sample.time(1)) == false)
        try await journal.finish(Sample.ended(call), answer: CallAnswer(status: 200))
        try await journal.reschedule(call.record)
        try await journal.callbackAttempted(call.record.id, delivered: true, next: nil)
        #expect(try await journal.executions(.init()) == [])
        #expect(try await journal.answer(call.record.id) == nil)
    }
}
