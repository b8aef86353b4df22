/// A value from a node together with the JSON it came as, for those who want that.
struct Fetched<Value> {
    let value: Value
    let json: [UInt8]

    /// Writes the JSON as it came, with a line end.
    func writeJSON(to console: Console) {
        console.line(String(decoding: json, as: UTF8.self).trimmingSuffix(while: \.isNewline))
    }
}

extension String {
    fileprivate func trimmingSuffix(while isCut: (Character) -> Bool) -> String {
        var rest = Substring(self)
        while let last = rest.last, isCut(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
