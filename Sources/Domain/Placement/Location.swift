/// A place on Earth.
package struct Location: Hashable, Sendable, Codable {
    /// Degrees north, -90 to 90.
    package let latitude: Double
    /// Degrees east, -180 to 180.
    package let longitude: Double

    package init(latitude: Double, longitude: Double) throws(Invalid) {
        guard (-90...90).contains(latitude) else { throw Invalid("latitude", "\(latitude) is outside -90 to 90") }
        guard (-180...180).contains(longitude) else {
            throw Invalid("longitude", "\(longitude) is outside -180 to 180")
        }
        self.latitude = latitude
        self.longitude = longitude
    }
}
