/// Who may call a function.
package enum Access: String, Hashable, Sendable, Codable, CaseIterable {
    /// Anyone who reaches the node.
    case `public`
    /// Whoever holds a token with the scope `invoke` for it; a loopback listener is open unless the operator says so.
    case token
}
