/// A node and how it is, as `GET /v1/nodes` shows it.
package struct NodeStatus: Hashable, Sendable, Codable {
    package let node: NodeDescription
    /// Version of the software.
    package let software: String
    package let started: Timestamp
    /// `ready` or `draining`.
    package let state: String
    package let sandbox: [SandboxLayer]
    /// Instances that exist, by state: `starting`, `idle`, `busy`.
    package let instances: [String: Int]
    /// Calls waiting for an instance.
    package let queued: Int

    package init(
        node: NodeDescription,
        software: String,
        started: Timestamp,
        state: String,
        sandbox: [SandboxLayer],
        instances: [String: Int],
        queued: Int
    ) {
        self.node = node
        self.software = software
        self.started = started
        self.state = state
        self.sandbox = sandbox
        self.instances = instances
        self.queued = queued
    }
}
