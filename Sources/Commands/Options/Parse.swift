import ArgumentParser
package import Domain

/// Turns arguments into values of the domain, with the domain's own words when they are wrong.
package enum Parse {
    /// For `transform:` of an argument or option.
    @Sendable
    package static func text<T: TextCodable>(_ raw: String) throws -> T {
        do {
            return try T(raw)
        } catch {
            throw ValidationError(error.reason)
        }
    }

    /// Tiers with commas between them, at least one.
    @Sendable
    package static func tiers(_ raw: String) throws -> [Tier] {
        let words = raw.split(separator: ",", omittingEmptySubsequences: false)
        return try words.map { try text(String($0).trimmingSpaces) }
    }

    @Sendable
    package static func version(_ raw: String) throws -> VersionNumber {
        guard let number = UInt32(raw), let version = try? VersionNumber(number) else {
            throw ValidationError("'\(Printable.text(raw))' is no version; versions are numbered from 1")
        }
        return version
    }
}
