import GRDB

/// The values of a row as arguments of any statement.
struct ColumnValues: ColumnSink {
    private(set) var values: [(any DatabaseValueConvertible)?] = []

    mutating func add(_ integer: Int64?) { values.append(integer) }
    mutating func add(_ real: Double) { values.append(real) }
    mutating func add(_ text: String?) { values.append(text) }
    mutating func add(outside text: String?) { values.append(StoredText(text)) }
}
