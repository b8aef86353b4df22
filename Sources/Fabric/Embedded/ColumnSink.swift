/// Takes the values of a row, column by column.
protocol ColumnSink {
    mutating func add(_ integer: Int64?)
    mutating func add(_ real: Double)
    /// Text of ours, which has no zero bytes.
    mutating func add(_ text: String?)
    /// Text from outside, stored as ``StoredText`` says.
    mutating func add(outside text: String?)
}
