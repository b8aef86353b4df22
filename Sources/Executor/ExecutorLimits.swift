package import Domain

/// What the executor as a whole may use.
package struct ExecutorLimits: Sendable, Equatable {
    /// Memory that all instances may have together, by their specs.
    package var memory: ByteSize
    /// Instances at once.
    package var instances: Int
    /// Calls that may wait for instances of one version.
    package var queue: Int
    /// Bytes of logs that a version may write a second, in the long run.
    package var logRate: ByteSize
    /// How many times slower functions are made to appear than they are: 1, but for test beds.
    ///
    /// An answer is held back so that the call takes that many times as long, and its CPU time counts as many times.
    package var slowdown: Double

    /// Whether instances are started ahead of calls that can be expected.
    package var prewarms: Bool
    /// Whether instances are forked from zygotes, processes that have initialised and serve no call.
    package var forks: Bool
    /// Whether the event loop and an instance may share a processor while calls come one by one.
    package var sharesProcessor: Bool
    /// Whether instances that use the processor while they idle are stopped until their next call.
    package var freezes: Bool

    package init(
        memory: ByteSize,
        instances: Int = 512,
        queue: Int = 1000,
        logRate: ByteSize = .mebibytes(1),
        slowdown: Double = 1,
        prewarms: Bool = true,
        forks: Bool = true,
        sharesProcessor: Bool = true,
        freezes: Bool = true
    ) {
        self.freezes = freezes
        self.prewarms = prewarms
        self.forks = forks
        self.sharesProcessor = sharesProcessor
        self.memory = memory
        self.instances = instances
        self.queue = queue
        self.logRate = logRate
        self.slowdown = slowdown
    }
}
