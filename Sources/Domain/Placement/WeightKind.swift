/// What placement weighs: the four terms of a candidate's score.
package enum WeightKind: String, Hashable, Sendable, Codable, CaseIterable {
    case latency
    case energy
    case cost
    case carbon
}
