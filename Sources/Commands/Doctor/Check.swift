package import Domain

/// One thing that `godwit doctor` looked at.
package struct Check: Hashable, Sendable, Codable {
    /// How it is.
    package enum State: String, Hashable, Sendable, Codable {
        /// Nothing needs to be done.
        case good
        /// Godwit works, but less well or not for everything.
        case weak
        /// Godwit does not work without it.
        case bad
    }

    let name: String
    /// How it is.
    package let state: State
    let detail: String
    let remedy: String?

    /// Makes a check; the remedy says what to do where the state is not good.
    package init(_ name: String, _ state: State, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.remedy = remedy
    }

    /// The check of a sandbox layer.
    ///
    /// Without file system, processes and system calls apart there is no sandbox.
    package init(_ layer: SandboxLayer) {
        let isNeeded = ["mount namespace", "pid namespace", "seccomp"].contains(layer.layer)
        let state: State =
            switch layer.state {
            case .present: .good
            case .degraded: .weak
            case .absent: isNeeded ? .bad : .weak
            }
        self.init(layer.layer, state, layer.detail, remedy: layer.remedy)
    }

    /// The check in a line, and its remedy in another where there is something to do.
    package func lines(width: Int) -> [String] {
        let mark =
            switch state {
            case .good: "✓"
            case .weak: "!"
            case .bad: "✗"
            }
        let padding = String(repeating: " ", count: max(0, width - name.count))
        let first = "\(mark) \(name)\(padding)  \(detail)"
        guard state != .good, let remedy else { return [first] }
        return [first, "  \(String(repeating: " ", count: width))  → \(remedy)"]
    }
}
