/// Whether an instance may serve more than one call.
package enum Reuse: String, Hashable, Sendable, Codable, CaseIterable {
    case always
    /// Every call has a process of its own.
    case never
}
