/// The number of a version: 1 for the first of a function, then counted up.
package struct VersionNumber: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let value: UInt32

    /// Takes a number from 1 on.
    package init(_ value: UInt32) throws(Invalid) {
        guard value > 0 else { throw Invalid("version", "0 is no version; the first is 1") }
        self.value = value
    }

    package static let first = VersionNumber(unchecked: 1)

    /// The number after this one.
    package var next: VersionNumber { VersionNumber(unchecked: value + 1) }

    private init(unchecked value: UInt32) { self.value = value }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(UInt32.self))
        } catch let error as Invalid {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    package var description: String { "\(value)" }
}
