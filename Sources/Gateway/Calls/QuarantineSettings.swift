package import Domain

/// When a version is no longer run on this node.
package struct QuarantineSettings: Sendable {
    /// Violations within the time that are too many; 0 never quarantines.
    package var violations = 10
    package var within = TimeSpan.minutes(10)

    package init() {}
}
