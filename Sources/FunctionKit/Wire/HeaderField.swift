/// A name and a value of a request's or a response's head, as they are on the wire.
package struct HeaderField: Sendable, Equatable {
    /// The name, in the case it came in.
    package let name: String
    /// The value.
    package let value: String

    /// Makes a field.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Reads two bytes of count, then that many fields.
    package static func decodeList(
        _ cursor: inout ByteCursor,
        in bytes: borrowing Span<UInt8>
    ) -> [HeaderField]? {
        guard let count = cursor.integer(UInt16.self, in: bytes) else { return nil }
        // A field has at least six bytes, so a count alone cannot make us allocate.
        guard Int(count) * 6 <= bytes.count - cursor.offset else { return nil }
        var fields: [HeaderField] = []
        fields.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let name = cursor.shortText(in: bytes), let value = cursor.longText(in: bytes) else { return nil }
            fields.append(HeaderField(name, value))
        }
        return fields
    }

    /// Appends two bytes of count, then the fields; at most 65,535.
    package static func encodeList(_ fields: [HeaderField], to bytes: inout [UInt8]) {
        let fields = fields.prefix(Int(UInt16.max))
        bytes.appendInteger(UInt16(fields.count))
        for field in fields {
            bytes.appendShortText(field.name)
            bytes.appendLongText(field.value)
        }
    }
}
