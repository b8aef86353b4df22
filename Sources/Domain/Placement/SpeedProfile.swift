/// What one core of a node does in a second, measured by a micro-benchmark of at most 200 ms.
///
/// It gives a new node a first guess of how fast functions run there, relative to nodes that have run them.
package struct SpeedProfile: Hashable, Sendable, Codable {
    /// Millions of dependent integer operations.
    package let integer: Double
    /// Millions of dependent floating-point operations.
    package let floating: Double
    /// Megabytes copied within memory.
    package let memory: Double
    /// Megabytes hashed (SHA-256).
    package let hashing: Double

    package init(integer: Double, floating: Double, memory: Double, hashing: Double) {
        self.integer = integer
        self.floating = floating
        self.memory = memory
        self.hashing = hashing
    }
}
