import Domain
import GRDB

extension ExecutionFilter {
    /// The journal's records that the filter asks for, newest first; every value is bound, none is part of the text.
    func records(_ db: Database) throws -> [ExecutionRecord] {
        var conditions: [String] = []
        var values: [(any DatabaseValueConvertible)?] = []
        if let function {
            conditions.append("function = ?")
            values.append(function.text)
        }
        if !states.isEmpty {
            conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            values += states.map(\.rawValue)
        }
        if let before {
            conditions.append("id < ?")
            values.append(before.text)
        }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        values.append(limit)
        let sql = "SELECT * FROM execution \(condition) ORDER BY id DESC LIMIT ?"
        return try db.rows(sql, values).map(ExecutionColumns.record(of:))
    }
}
