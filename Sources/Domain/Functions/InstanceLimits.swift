/// How many instances a version may have on a node, and how long an idle one is kept.
package struct InstanceLimits: Hashable, Sendable, Codable {
    /// Instances kept ready even when nobody calls.
    package let min: Int
    /// Instances at once.
    package let max: Int
    /// How long an instance beyond `min` may idle before it is ended.
    package let keepAlive: TimeSpan

    package init(min: Int = 0, max: Int = 16, keepAlive: TimeSpan = .minutes(5)) {
        self.min = min
        self.max = max
        self.keepAlive = keepAlive
    }
}
