import Domain

/// The body of `POST /peer/v1/claims`: a node asks whether a key is free for its execution.
struct ClaimRequest: Codable, Sendable {
    let function: FunctionName
    let key: String
    let fingerprint: String
    let execution: ExecutionID
    /// An execution that its home turned out not to know, and whose claim gives way.
    let replaced: ExecutionID?
}
