/// What `wrk` found, from the line that `Reference/load.lua` prints.
struct LoadResult: Hashable, Sendable {
    let requests: Int
    let seconds: Double
    /// Microseconds.
    let median: Double
    /// Microseconds.
    let tail: Double
    /// Microseconds.
    let mean: Double
    /// Connections that broke, and requests without an answer in time.
    let lost: Int
    /// Answers with a status of 400 or more.
    let refused: Int

    /// Reads the line out of everything that wrk wrote.
    init(parsing output: String) throws(BenchError) {
        let line = output.split(separator: "\n").last { $0.hasPrefix("result ") }
        let values = line?.split(separator: " ").dropFirst().compactMap { Double($0) } ?? []
        guard values.count == 10 else { throw BenchError("wrk gave no result: \(output.suffix(200))") }
        self.requests = Int(values[0])
        self.seconds = values[1] / 1_000_000
        self.median = values[2]
        self.tail = values[3]
        self.mean = values[4]
        self.lost = Int(values[5] + values[6] + values[7] + values[9])
        self.refused = Int(values[8])
    }

    /// Requests that were answered as they should.
    var answered: Int { requests - refused }

    /// Answered requests in a second.
    var rate: Double { seconds > 0 ? Double(answered) / seconds : 0 }

    /// Throws unless every request was answered as it should.
    func checked(_ url: String) throws(BenchError) -> LoadResult {
        guard requests > 0 else { throw BenchError("\(url) answered nothing") }
        guard lost == 0, refused == 0 else {
            throw BenchError("of \(requests) requests to \(url), \(refused) were refused and \(lost) lost")
        }
        return self
    }
}
