/// A Markdown table whose columns are aligned in plain text as well: texts to the left, numbers to the right.
struct MarkdownTable {
    let text: String

    /// Makes a table; its first `leading` columns are texts.
    init(_ titles: [String], _ rows: [[String]], leading: Int = 1) {
        let widths = titles.indices.map { column in
            max(3, ([titles] + rows).map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < leading ? cell + space : space + cell
            }
            return "| " + padded.joined(separator: " | ") + " |\n"
        }
        let rule = widths.enumerated().map { column, width in
            column < leading ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
        }
        text = line(titles) + line(rule) + rows.map(line).joined()
    }
}
