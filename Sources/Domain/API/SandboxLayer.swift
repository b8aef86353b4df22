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

extension SandboxLayer {
    /// The keys of all layers that can be required, in the order of the report.
    package static let keys = [
        "user-namespace", "mount-namespace", "pid-namespace", "network-namespace", "ipc-namespace", "uts-namespace",
        "cgroup-namespace", "read-only-root", "private-tmp", "private-proc", "no-capabilities", "no-new-privs",
        "rlimits",
        "seccomp", "landlock", "own-uid-per-instance", "cgroup-memory", "cgroup-cpu", "cgroup-pids",
    ]

    /// The name as a word, by which it is required: `cgroup memory` is `cgroup-memory`.
    package var key: String {
        let words = layer.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }
        return words.joined(separator: "-")
    }

    /// Checks the name of a layer that is required; throws the nearest known one.
    package static func checked(key raw: String) throws(Invalid) -> String {
        guard keys.contains(raw) else {
            throw Invalid(
                "layer",
                "'\(Printable.text(raw))' is no layer of the sandbox; \(NearestName.hint(for: raw, among: keys))"
            )
        }
        return raw
    }
}
