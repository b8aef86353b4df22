/// Where the time of a call went, in nanoseconds.
package struct CallPhases: Hashable, Sendable, Codable {
    /// Waiting for an instance.
    package var queue: UInt64
    /// Creating the sandboxed process; 0 for a warm start.
    package var spawn: UInt64
    /// From the process's first instruction until the function said it is ready; 0 for a warm start.
    package var initialise: UInt64
    /// From handing the request over until the end of the response.
    package var run: UInt64

    package init(queue: UInt64 = 0, spawn: UInt64 = 0, initialise: UInt64 = 0, run: UInt64 = 0) {
        self.queue = queue
        self.spawn = spawn
        self.initialise = initialise
        self.run = run
    }

    package var total: UInt64 { queue + spawn + initialise + run }
}
