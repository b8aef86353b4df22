/// Rows under headings, aligned for people.
package struct Table: Sendable {
    /// Which side of a column its cells stand on.
    package enum Side: Sendable {
        case left
        case right
    }

    private let columns: [(heading: String, side: Side)]
    private var rows: [[String]] = []

    /// A heading that begins with `>` makes a column of numbers, aligned to the right.
    package init(_ headings: String...) {
        self.columns = headings.map { heading in
            heading.hasPrefix(">") ? (String(heading.dropFirst()), .right) : (heading, .left)
        }
    }

    package mutating func add(_ cells: String...) { rows.append(cells) }

    /// The table as lines, without spaces at their ends.
    ///
    /// Line ends within cells become spaces.
    package var lines: [String] {
        let all = [columns.map(\.heading)] + rows.map { $0.map(Self.oneLine) }
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return columns[column].side == .left ? row[column] + padding : padding + row[column]
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func oneLine(_ cell: String) -> String {
        cell.isEmpty ? "-" : cell.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
