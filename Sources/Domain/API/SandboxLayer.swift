/// One layer of the sandbox as this machine gives it.
package struct SandboxLayer: Hashable, Sendable, Codable {
    /// How much of a layer there is.
    package enum State: String, Hashable, Sendable, Codable {
        case present
        case degraded
        case absent
    }

    package let layer: String
    package let state: State
    /// What exactly there is, or why it is not there.
    package let detail: String
    /// How to get it, where there is a way.
    package let remedy: String?

    package init(layer: String, state: State, detail: String, remedy: String? = nil) {
        self.layer = layer
        self.state = state
        self.detail = detail
        self.remedy = remedy
    }
}
