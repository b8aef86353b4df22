/// Memory for the scores of a decision, kept from one to the next.
struct Scratch: Sendable {
    var scores: [Lanes] = []
    var tails: [Lanes] = []
}
