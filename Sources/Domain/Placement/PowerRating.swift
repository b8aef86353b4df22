/// The power of a whole node, at rest and with all cores busy, in watts.
package struct PowerRating: Hashable, Sendable, Codable {
    package let idleWatts: Double
    package let maxWatts: Double

    package init(idleWatts: Double, maxWatts: Double) {
        self.idleWatts = idleWatts
        self.maxWatts = maxWatts
    }
}
