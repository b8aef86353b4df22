import Domain
import Fabric
import Testing

@Suite("The embedded journal")
struct EmbeddedJournalTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test("a thousand calls at once share few commits")
    func groupCommit() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let journal = store.journal
        try await withThrowingTaskGroup { group in
            for number in 1...1000 {
                let call = try Sample.call(number)
                group.addTask { try await journal.accept(call) }
            }
            for try await acceptance in group { #expect(acceptance == .accepted) }
        }
        #expect(try await journal.backlog().queued == 1000)
        #expect(journal.commits >= 1)
        #expect(journal.commits <= 500, "\(journal.commits) commits")
        await store.close()
    }

    @Test("a call by itself is committed by itself")
    func singleCommits() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        for number in 1...3 { _ = try await store.journal.accept(Sample.call(number)) }
        #expect(store.journal.commits == 3)
        await store.close()
    }

    @Test("one refused call leaves the others of its commit alone")
    func savepoints() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let journal = store.journal
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...60 {
                let call = try Sample.call(number)
                // Every third is refused: it has ended already.
                let isBad = number.isMultiple(of: 3)
                let record = isBad ? Sample.ended(call) : call.record
                let offer = AcceptedCall(record: record, request: call.request, body: call.body)
                group.addTask { (try? await journal.accept(offer)) == .accepted }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.self) == 40)
        #expect(try await journal.backlog().queued == 40)
        await store.close()
    }

    @Test("a full journal refuses calls, still ends those it has, and recovers when they are forgotten")
    func full() async throws {
        let limits = JournalLimits(maximumBytes: .mebibytes(2), reserve: .kibibytes(512))
        let store = try EmbeddedStore(folder: folder.path, journal: limits)
        let journal = store.journal
        let body = [UInt8](repeating: 7, count: 20_000)
        var calls: [AcceptedCall] = []
        var refused: AcceptedCall?
        while refused == nil, calls.count < 200 {
            let call = try Sample.call(calls.count + 1, body: body, key: "\(calls.count + 1)")
            do throws(JournalError) {
                #expect(try await journal.accept(call) == .accepted)
                calls.append(call)
            } catch .full {
                refused = call
            }
        }
        let late = try #require(refused)
        #expect(calls.count > 50)
        #expect(try await journal.execution(late.record.id) == nil)
        #expect(try await journal.backlog().queued == calls.count)
        // What is there is still known, and a repetition needs no room.
        #expect(try await journal.accept(calls[0]) == .existing(calls[0].record.id))
        for call in calls {
            try await journal.finish(Sample.ended(call), answer: CallAnswer(status: 200, body: body))
            #expect(try await journal.answer(call.record.id)?.body == body)
        }
        #expect(try await journal.forget(endedBefore: Sample.time(1000)) == calls.count)
        #expect(try await journal.accept(late) == .accepted)
        // The room is used again: the same amount fits once more.
        for number in 1000..<1000 + calls.count - 5 {
            #expect(try await journal.accept(Sample.call(number, body: body)) == .accepted)
        }
        await store.close()
    }

    @Test("many refused at once keep nothing")
    func fullAtOnce() async throws {
        let limits = JournalLimits(maximumBytes: .mebibytes(2), reserve: .kibibytes(512))
        let store = try EmbeddedStore(folder: folder.path, journal: limits)
        let journal = store.journal
        let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...300 {
                let call = try Sample.call(number, body: .init(repeating: 1, count: 20_000))
                group.addTask {
                    do throws(JournalError) {
                        return try await journal.accept(call) == .accepted
                    } catch {
                        #expect(error == .full)
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect((50...80).contains(accepted), "\(accepted)")
        #expect(try await journal.backlog().queued == accepted)
        await store.close()
    }

    @Test("an answer beyond SQLite's own bound is refused whole, and a smaller one still fits")
    func answerTooLarge() async throws {
        let limits = JournalLimits(maximumBytes: .mebibytes(1))
        let store = try EmbeddedStore(folder: folder.path, journal: limits)
        let journal = store.journal
        let call = try Sample.call(1)
        let other = try Sample.call(2)
        _ = try await journal.accept(call)
        _ = try await journal.accept(other)
        let huge = CallAnswer(status: 200, body: .init(repeating: 1, count: 2 << 20))
        await #expect(throws: JournalError.full) { try await journal.finish(Sample.ended(call), answer: huge) }
        #expect(try await journal.execution(call.record.id)?.record.state == .queued)
        #expect(try await journal.due(at: Sample.time(9), limit: 9, excluding: []) == [call, other])
        try await journal.finish(Sample.ended(call), answer: CallAnswer(status: 200))
        #expect(try await journal.answer(call.record.id)?.status == 200)
        await store.close()
    }

    @Test("a disk with less room than the reserve refuses calls, and ends those that are there")
    func fullDisk() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let call = try Sample.call(1)
        _ = try await store.journal.accept(call)
        await store.close()
        let limits = JournalLimits(reserve: .gibibytes(1 << 30))
        let cramped = try EmbeddedStore(folder: folder.path, journal: limits)
        await #expect(throws: JournalError.full) { try await cramped.journal.accept(Sample.call(2)) }
        try await cramped.journal.finish(Sample.ended(call), answer: CallAnswer(status: 200))
        #expect(try await cramped.journal.answer(call.record.id)?.status == 200)
        await cramped.close()
    }

    @Test("closing writes what waits")
    func closeDrains() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let journal = store.journal
        let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...200 {
                let call = try Sample.call(number)
                group.addTask { (try? await journal.accept(call)) == .accepted }
            }
            group.addTask {
                await journal.close()
                return false
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        await store.close()
        let again = try EmbeddedStore(folder: folder.path)
        #expect(try await again.journal.backlog().queued == accepted)
        await again.close()
    }

    @Test("more than one transaction's worth is forgotten")
    func forgetsMany() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let journal = store.journal
        try await withThrowingTaskGroup { group in
            for number in 1...1203 {
                let call = try Sample.call(number)
                group.addTask {
                    _ = try await journal.accept(call)
                    try await journal.finish(Sample.ended(call), answer: nil)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await journal.forget(endedBefore: Sample.time(100_000)) == 1203)
        await store.close()
    }

    @Test("a cancelled caller's call is accepted all the same")
    func cancelledCaller() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let call = try Sample.call(1)
        // Its child is cancelled before it starts.
        let acceptance = try await withThrowingTaskGroup(of: Acceptance.self) { [journal = store.journal] group in
            group.cancelAll()
            group.addTask { try await journal.accept(call) }
            return try await group.next()
        }
        #expect(acceptance == .accepted)
        #expect(try await store.journal.backlog().queued == 1)
        await store.close()
    }
}
