/// The answer to `GET /peer/v1/control`.
struct ControlAnswer: Codable, Sendable {
    /// Bytes of an answer at most.
    static let sizeLimit = 64 << 20

    /// Names this state; ``GossipMessage/control`` tells when there is another.
    let digest: String
    let snapshot: ControlSnapshot
    /// Values of the secrets that the asking node's tier may read, and of no others.
    let secrets: [String: [UInt8]]
}
