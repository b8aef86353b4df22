/// A name that points to a version of a function, or splits its calls between two.
package struct Alias: Hashable, Sendable, Codable {
    /// A second version and the share of calls it gets.
    package struct Split: Hashable, Sendable, Codable {
        package let version: VersionNumber
        /// Between 0 and 1, both excluded.
        package let share: Double

        package init(version: VersionNumber, share: Double) throws(Invalid) {
            guard share > 0, share < 1 else {
                throw Invalid("share", "\(share) must be more than 0 and less than 1; point at one version instead")
            }
            self.version = version
            self.share = share
        }

        private enum CodingKeys: String, CodingKey { case version, share }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let version = try values.decode(VersionNumber.self, forKey: .version)
            do {
                try self.init(version: version, share: try values.decode(Double.self, forKey: .share))
            } catch let error as Invalid {
                throw DecodingError.dataCorruptedError(forKey: .share, in: values, debugDescription: error.reason)
            }
        }
    }

    package let name: AliasName
    package let version: VersionNumber
    package let split: Split?

    package init(name: AliasName, version: VersionNumber, split: Split? = nil) {
        self.name = name
        self.version = version
        self.split = split
    }

    /// The version that the next call goes to; `draw` is uniform in 0..<1.
    package func version(draw: Double) -> VersionNumber {
        guard let split, draw < split.share else { return version }
        return split.version
    }

    /// Whether calls of this alias may reach `number`.
    package func pointsTo(_ number: VersionNumber) -> Bool { version == number || split?.version == number }
}
