/// Names and values, one a line, the values aligned.
enum Facts {
    /// The lines; rows without a value are left out.
    static func lines(_ rows: [(name: String, value: String?)]) -> [String] {
        let shown = rows.compactMap { row in row.value.map { (row.name, $0) } }
        let width = shown.map(\.0.count).max() ?? 0
        return shown.map { name, value in name + String(repeating: " ", count: width - name.count + 2) + value }
    }
}
