/// All candidates for one call with their scores: what a policy picks from.
struct Field: Sendable {
    let nodes: [NodeBlock]
    let functions: [FunctionBlock]
    let request: RequestFigures
    let coefficients: Coefficients
    let tieMargin: Float
    /// Milliseconds; infinite where there is none.
    let objective: Float
    /// Scores by block; 10³⁰ and more where a node may not run the call.
    private(set) var scores: [Lanes]
    /// Predicted milliseconds at the quantile, by block.
    private(set) var tails: [Lanes]
    /// The least score; 10³⁰ and more when no node may run the call.
    private(set) var best = Float.infinity
    /// Candidates that may run the call.
    private(set) var count = 0
    /// The best eight of them.
    private(set) var leaders = Leaders()

    /// Scores all candidates; `scratch` lends its memory.
    init(
        nodes: [NodeBlock],
        functions: [FunctionBlock],
        request: RequestFigures,
        coefficients: Coefficients,
        tieMargin: Double,
        scratch: consuming Scratch
    ) {
        self.nodes = nodes
        self.functions = functions
        self.request = request
        self.coefficients = coefficients
        self.tieMargin = Float(tieMargin)
        self.objective = coefficients.objective[0]
        self.scores = scratch.scores
        self.tails = scratch.tails
        scratch = Scratch()
        if scores.count < nodes.count {
            scores = Array(repeating: .zero, count: nodes.count)
            tails = scores
        }
        score(withFailing: false)
        // Nodes that fail often are better than none.
        if best >= Lanes.beyond { score(withFailing: true) }
    }

    /// The memory back.
    consuming func scratch() -> Scratch { Scratch(scores: scores, tails: tails) }

    /// Blocks of four.
    var blocks: Range<Int> { 0..<nodes.count }

    private mutating func score(withFailing: Bool) {
        let failing = Lanes(repeating: withFailing ? 0 : 1)
        var even = Lanes(repeating: .infinity)
        var odd = even
        var eligible = Lanes.zero
        for block in blocks {
            let candidates = CandidateBlock(nodes[block], functions[block], request)
            let barriers = nodes[block].closed + functions[block].barrier + nodes[block].failing * failing
            let score = candidates.score(coefficients) + barriers
            scores[block] = score
            tails[block] = candidates.tail
            eligible += score.isAtMost(Lanes.comparable)
            // Two rows of four, in turn, so that the eight values are those of eight candidates.
            (even, odd) = (odd, even.lesser(score))
        }
        best = even.lesser(odd).min()
        count = Int(eligible.sum())
        // The greatest of the least scores of eight groups: the eighth best candidate is at least as good.
        collectLeaders(limit: max(even.max(), odd.max()))
    }

    private mutating func collectLeaders(limit: Float) {
        var leaders = Leaders()
        var block = 0
        while block < nodes.count {
            // Four blocks at a time, since most hold none.
            let end = min(block + 4, nodes.count)
            if end == block + 4 {
                let least = scores[block].lesser(scores[block + 1])
                    .lesser(scores[block + 2].lesser(scores[block + 3]))
                if least.isAtMost(min(limit, leaders.bar.nextDown)).sum() == 0 {
                    block = end
                    continue
                }
            }
            for member in block..<end {
                let score = scores[member]
                for lane in 0..<4 where score[lane] < Lanes.beyond { leaders.insert(member * 4 + lane, score[lane]) }
            }
            block = end
        }
        self.leaders = leaders
    }

    /// A candidate as a row of the record.
    func row(_ slot: Int) -> CandidateRow {
        let (block, lane) = (slot >> 2, slot & 3)
        return CandidateBlock(nodes[block], functions[block], request)
            .row(lane, slot: slot, nodes[block], functions[block])
    }

    /// Predicted terms of a block.
    @inline(__always)
    func candidates(_ block: Int) -> CandidateBlock { CandidateBlock(nodes[block], functions[block], request) }

    /// 1 for those of a block that may run the call, 0 for the others.
    @inline(__always)
    func eligible(_ block: Int) -> Lanes { scores[block].isAtMost(Lanes.comparable) }
}
