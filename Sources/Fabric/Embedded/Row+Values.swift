#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Domain
import GRDB

/// Columns as values of the domain.
///
/// GRDB's own subscripts end the process when a column does not hold what is asked for; a damaged file must not be
/// able to do that.
extension Row {
    /// What a column holds; throws when it is something else.
    func value<Value: DatabaseValueConvertible>(_ column: String, _ type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(column, type) else { throw unreadable(column) }
        return value
    }

    /// What a column holds, nil for NULL and where there is none; throws when it is something else.
    func optional<Value: DatabaseValueConvertible>(_ column: String, _ type: Value.Type = Value.self) throws -> Value? {
        guard hasColumn(column) else { return nil }
        let stored: DatabaseValue = self[column]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw unreadable(column) }
        return value
    }

    /// Text from outside.
    func text(_ column: String) throws -> String { try value(column, StoredText.self).text }
    func optionalText(_ column: String) throws -> String? { try optional(column, StoredText.self)?.text }

    /// A name or another value that is written as text.
    func name<Value: TextCodable>(_ column: String) throws -> Value { try Value(text(column)) }

    func time(_ column: String) throws -> Timestamp { .init(microseconds: try value(column)) }
    func optionalTime(_ column: String) throws -> Timestamp? {
        try optional(column, Int64.self).map(Timestamp.init(microseconds:))
    }

    /// An unsigned number, stored with the same bits as a signed one.
    func unsigned(_ column: String) throws -> UInt64 { UInt64(bitPattern: try value(column, Int64.self)) }

    func version(_ column: String) throws -> VersionNumber {
        guard let number = UInt32(exactly: try value(column, Int64.self)) else { throw unreadable(column) }
        return try VersionNumber(number)
    }

    /// One of a fixed set of words.
    func choice<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
        guard let value = Value(rawValue: try text(column)) else { throw unreadable(column) }
        return value
    }

    func bytes(_ column: String) throws -> [UInt8] { Array(try value(column, Data.self)) }

    /// A value that was stored as JSON.
    func json<Value: Decodable>(_ column: String) throws -> Value { try StoredJSON.value(value(column, String.self)) }

    private func unreadable(_ column: String) -> Invalid {
        Invalid(column, "holds something that this version of Godwit cannot read")
    }
}
