/// What a node does for the continuum.
package enum NodeRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// It takes calls from clients and places them.
    case gateway
    /// It runs functions.
    case executor
}
