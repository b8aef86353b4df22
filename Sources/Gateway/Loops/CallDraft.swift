import NIOCore

/// A call that goes to the loop that calls live on, and who hears of it here.
struct CallDraft: Sendable {
    let plan: CallPlan
    /// What is known of its body's length.
    let bytes: Int
    let body: [ByteBuffer]
    let isBodyComplete: Bool
    let sender: NIOLoopBound<DistantCall>
}
