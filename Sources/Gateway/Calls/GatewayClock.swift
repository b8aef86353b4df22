package import Domain

/// Where the gateway gets the time of day from.
package struct GatewayClock: Sendable {
    /// The time of day.
    package let now: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }
}
