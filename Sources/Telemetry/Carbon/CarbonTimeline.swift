/// Carbon intensities and when they begin to count.
struct CarbonTimeline: Hashable, Sendable {
    /// What an intensity may be, in grams per kilowatt-hour.
    static let range = 0.0...100_000

    private struct Entry: Hashable {
        /// Nanoseconds since 1970-01-01T00:00:00Z.
        let time: Int64
        let intensity: Double
    }

    /// By time; of equal times the one that was given last comes last.
    private let entries: [Entry]

    private init(entries: [Entry]) { self.entries = entries }

    /// One intensity that always counts.
    init(constant intensity: Double) throws(CarbonFailure) {
        guard Self.range.contains(intensity) else { throw .outOfRange(intensity) }
        self.init(entries: [Entry(time: .min, intensity: intensity)])
    }

    /// Parses a file: one number, or lines of a time of RFC 3339, a comma and a number.
    ///
    /// Blank lines and those that begin with `#` do not count; the first of several lines may be a heading.
    init(parsing text: String, path: String) throws(CarbonFailure) {
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        let lines = all.map { (number: $0.offset + 1, text: Self.trimmed($0.element)) }
            .filter { line in !line.text.isEmpty && !line.text.hasPrefix("#") }
        guard let first = lines.first else { throw .unreadable(path: path) }
        if lines.count == 1, let intensity = QuantityText.parse(first.text, units: []) {
            self = try CarbonTimeline(constant: intensity)
            return
        }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated() {
            let fields = line.text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
            let time = fields.first.flatMap { WallClock.nanoseconds(rfc3339: $0) }
            let number = fields.count == 2 ? Double(fields[1]) : nil
            if index == 0, lines.count > 1, fields.count == 2, time == nil, number == nil { continue }
            guard let time, let number else {
                throw .notUnderstood(
                    path: path,
                    line: line.number,
                    text: PlainText.escaped(String(line.text.prefix(80)))
                )
            }
            guard Self.range.contains(number) else { throw .outOfRange(number) }
            entries.append(Entry(time: time, intensity: number))
        }
        // The sort of the standard library is stable.
        self.init(entries: entries.sorted { $0.time < $1.time })
    }

    /// The intensity that counts at a time: the last not after it; nil before the first.
    func intensity(at time: Int64) -> Double? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? entries[low - 1].intensity : nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { start[...$0] } ?? ""
    }
}
