/// A number of bytes, written as `512KiB`, `128MiB`, `1GiB`, `64MB` or a plain number.
package struct ByteSize: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: UInt64

    package init(bytes: UInt64) { self.bytes = bytes }

    package static func kibibytes(_ count: UInt64) -> Self { .init(bytes: count << 10) }
    package static func mebibytes(_ count: UInt64) -> Self { .init(bytes: count << 20) }
    package static func gibibytes(_ count: UInt64) -> Self { .init(bytes: count << 30) }

    private static let units: [(suffix: String, factor: UInt64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000),
        ("GB", 1_000_000_000), ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("B", 1),
    ]

    /// Parses a whole number and an optional unit.
    package init(_ raw: String) throws(Invalid) {
        let unit = Self.units.first { raw.hasSuffix($0.suffix) }
        let number = String(raw.dropLast(unit?.suffix.count ?? 0)).trimmingSpaces
        guard let count = UInt64(number), !number.hasPrefix("+") else {
            throw Invalid("size", "'\(Printable.text(raw))' is no size; write for example 128MiB or 1GiB")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit?.factor ?? 1)
        guard !overflow, bytes <= UInt64(Int64.max) else { throw Invalid("size", "'\(raw)' is too large") }
        self.bytes = bytes
    }

    package var text: String {
        for (suffix, factor) in [("GiB", UInt64(1) << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes >= factor && bytes.isMultiple(of: factor) {
            return "\(bytes / factor)\(suffix)"
        }
        return "\(bytes)B"
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
    package var description: String { text }
}

extension ByteSize: TextCodable {}
