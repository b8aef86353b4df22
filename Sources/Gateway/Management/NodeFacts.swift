package import Domain

/// What does not change about a node while it runs.
package struct NodeFacts: Sendable {
    package let software: String
    package let started: Timestamp
    package let sandbox: [SandboxLayer]

    package init(software: String, started: Timestamp, sandbox: [SandboxLayer]) {
        self.software = software
        self.started = started
        self.sandbox = sandbox
    }
}
