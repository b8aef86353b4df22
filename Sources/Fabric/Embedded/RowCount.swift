import GRDB
import Synchronization

/// How many rows, or records in them, a table has, without counting them each time that is asked.
///
/// Rows that took the place of others count as added until the rows are counted again.
final class RowCount: Sendable {
    /// Questions that are answered without counting.
    private static let trusted = 256

    private struct State {
        var count: Int?
        var questions = 0
    }

    private let state = Mutex(State())

    /// There are so many more, or fewer, once the transaction that runs is committed.
    func changed(by rows: Int, with db: Database) {
        guard rows != 0 else { return }
        db.afterNextTransaction { [self] _ in state.withLock { $0.count? += rows } }
    }

    /// The number, which the query gives where it has to be counted.
    func value(_ query: String, _ db: Database) throws -> Int {
        let known = state.withLock { state in
            state.questions += 1
            return state.questions.isMultiple(of: Self.trusted) ? nil : state.count
        }
        if let known { return known }
        let count = try Int.fetchOne(db, sql: query) ?? 0
        state.withLock { $0.count = count }
        return count
    }
}
