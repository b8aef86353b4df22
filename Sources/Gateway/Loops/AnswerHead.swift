import Domain

/// The head of a function's answer, and where it comes from.
struct AnswerHead: Sendable {
    let status: Int
    let headers: [HeaderField]
    /// Whether the body and the end follow at once.
    let isComplete: Bool
    let node: NodeName
    let tier: Tier
    let start: StartKind?
}
