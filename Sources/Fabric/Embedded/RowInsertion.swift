import GRDB
import GRDBSQLite

/// Inserts one row after another, with no allocation and no copy for each of its values.
///
/// A busy node writes tens of thousands of records a second. GRDB makes an array of existentials, one of its own values
/// and a dictionary of each row, and SQLite copies each text: that took more than half of the writer's time.
struct RowInsertion: ColumnSink {
    private enum Value {
        case none
        case integer(Int64)
        case real(Double)
        case text(Range<Int>)
        case blob(Range<Int>)
    }

    private let statement: Statement
    private var values: [Value] = []
    /// The texts of the row, one behind the other, and a byte before them, so that even an empty one has an address.
    private var bytes: [UInt8] = [0]

    /// Compiles the statement once per connection; all its parameters are columns.
    init(_ sql: String, in db: Database) throws {
        statement = try db.cachedStatement(sql: sql)
    }

    mutating func add(_ integer: Int64?) { values.append(integer.map(Value.integer) ?? .none) }

    mutating func add(_ real: Double) { values.append(.real(real)) }

    mutating func add(_ text: String?) { values.append(text.map { .text(place($0)) } ?? .none) }

    mutating func add(outside text: String?) {
        guard let text else { return values.append(.none) }
        values.append(text.utf8.contains(0) ? .blob(place(text)) : .text(place(text)))
    }

    private mutating func place(_ text: String) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return start..<bytes.count
    }

    /// Runs the statement with the values that were added, and forgets them.
    mutating func run() throws {
        defer {
            values.removeAll(keepingCapacity: true)
            bytes.removeSubrange(1...)
        }
        // SAFETY: SQLite holds pointers to the bytes until it gets others: they are taken from it before the bytes may
        // move. Each range lies within the bytes, since it was made by `place`.
        try unsafe bytes.withUnsafeBytes { bytes in
            // SAFETY: as above.
            defer { unsafe sqlite3_clear_bindings(statement.sqliteStatement) }
            for (place, value) in zip(CInt(1)..., values) {
                let code = unsafe Self.bind(value, at: place, of: statement.sqliteStatement, bytes)
                guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            }
            // Past GRDB's observers, of which there are none.
            let code = unsafe sqlite3_step(statement.sqliteStatement)
            defer { unsafe sqlite3_reset(statement.sqliteStatement) }
            guard code == SQLITE_DONE else {
                let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(statement.sqliteStatement)))
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
            }
        }
    }

    private static func bind(
        _ value: Value,
        at place: CInt,
        of statement: SQLiteStatement,
        _ bytes: UnsafeRawBufferPointer
    ) -> CInt {
        switch value {
        // SAFETY: as in `run`; without a destructor SQLite copies nothing.
        case .none: return unsafe sqlite3_bind_null(statement, place)
        case .integer(let integer): return unsafe sqlite3_bind_int64(statement, place, integer)
        case .real(let real): return unsafe sqlite3_bind_double(statement, place, real)
        case .text(let range):
            let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
            return unsafe sqlite3_bind_text64(
                statement,
                place,
                text.bindMemory(to: CChar.self).baseAddress,
                UInt64(text.count),
                nil,
                UInt8(SQLITE_UTF8)
            )
        // SAFETY: as above.
        case .blob(let range):
            let blob = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
            return unsafe sqlite3_bind_blob64(statement, place, blob.baseAddress, UInt64(blob.count), nil)
        }
    }
}
