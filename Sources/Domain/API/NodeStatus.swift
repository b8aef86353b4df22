/// A node and how it is, as `GET /v1/nodes` shows it.
package struct NodeStatus: Hashable, Sendable, Codable {
    package let node: NodeDescription
    /// Version of the software.
    package let software: String
    package let started: Timestamp
    /// `ready`, `draining`, `suspect`, `dead` or `removed`.
    package let state: String
    /// Why it is in that state, where there is something to say.
    package let detail: String
    package let sandbox: [SandboxLayer]
    /// Instances that exist, by state: `starting`, `idle`, `busy`.
    package let instances: [String: Int]
    /// Calls waiting for an instance.
    package let queued: Int
    /// Share of its CPU time that is busy, 0 to 1.
    package let utilisation: Double
    /// Power that it takes at the moment, in watts, and how that is known.
    package let watts: Double
    package let energyMethod: String
    /// The way to it from the node that was asked; nil for that node itself.
    package let link: LinkStatus?
    /// Calls that the asked node sent there since it started; for itself, those it kept.
    package let placed: UInt64
    /// When it was last heard of.
    package let seen: Timestamp

    package init(
        node: NodeDescription,
        software: String,
        started: Timestamp,
        state: String,
        detail: String = "",
        sandbox: [SandboxLayer],
        instances: [String: Int],
        queued: Int,
        utilisation: Double = 0,
        watts: Double = 0,
        energyMethod: String = "model",
        link: LinkStatus? = nil,
        placed: UInt64 = 0,
        seen: Timestamp
    ) {
        self.node = node
        self.software = software
        self.started = started
        self.state = state
        self.detail = detail
        self.sandbox = sandbox
        self.instances = instances
        self.queued = queued
        self.utilisation = utilisation
        self.watts = watts
        self.energyMethod = energyMethod
        self.link = link
        self.placed = placed
        self.seen = seen
    }
}
