/// The eight candidates with the least scores, least first.
struct Leaders: Sendable {
    static let limit = 8

    private(set) var slots = InlineArray<8, Int>(repeating: 0)
    private(set) var scores = InlineArray<8, Float>(repeating: .infinity)
    private(set) var count = 0

    /// The score that a further candidate has to stay below.
    var bar: Float { scores[Self.limit - 1] }

    /// Takes a candidate, unless eight better ones are known.
    mutating func insert(_ slot: Int, _ score: Float) {
        guard score < bar else { return }
        var place = min(count, Self.limit - 1)
        while place > 0, scores[place - 1] > score {
            scores[place] = scores[place - 1]
            slots[place] = slots[place - 1]
            place -= 1
        }
        scores[place] = score
        slots[place] = slot
        count = min(count + 1, Self.limit)
    }
}
