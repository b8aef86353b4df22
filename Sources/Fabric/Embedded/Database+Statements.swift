import GRDB

extension Database {
    /// Runs an insert, update or delete that is compiled once per connection.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
        return changesCount
    }

    /// The rows of a query that is compiled once per connection.
    func rows(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    /// The first row of a query that is compiled once per connection, or nil.
    func row(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(values))
    }
}
