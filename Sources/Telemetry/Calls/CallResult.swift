/// How a call ended, as metrics tell it apart: the label `outcome`.
package enum CallResult: Int, LabelValue {
    case ok
    /// The function failed: it raised an error, died, or exceeded a limit other than time.
    case functionError
    /// Godwit failed.
    case platformError
    /// The time limit or the deadline passed.
    case timeout
    /// Refused before it ran: the queue is full, the node is draining, no node may run it.
    case rejected
    case cancelled

    package var text: String {
        switch self {
        case .ok: "ok"
        case .functionError: "function_error"
        case .platformError: "platform_error"
        case .timeout: "timeout"
        case .rejected: "rejected"
        case .cancelled: "cancelled"
        }
    }
}
