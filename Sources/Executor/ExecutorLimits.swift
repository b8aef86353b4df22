package import Domain

/// What the executor as a whole may use.
package struct ExecutorLimits: Sendable, Equatable {
    /// Memory that all instances may have together, by their specs.
    package var memory: ByteSize
    /// Instances at once.
    package var instances: Int
    /// Calls that may wait for instances of one version.
    package var queue: Int

    package init(memory: ByteSize, instances: Int = 512, queue: Int = 1000) {
        self.memory = memory
        self.instances = instances
        self.queue = queue
    }
}
