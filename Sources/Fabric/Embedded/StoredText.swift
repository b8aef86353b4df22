#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB

/// Text from outside on its way into a column, whole even when it holds zero bytes.
///
/// SQLite's text ends at the first zero byte for much of its own code and for GRDB, so such text is stored as a BLOB.
/// Equal texts are stored equally, so uniqueness and comparison are exact.
struct StoredText: DatabaseValueConvertible {
    let text: String

    init(_ text: String) { self.text = text }

    /// The text of an optional, nil for none.
    init?(_ text: String?) {
        guard let text else { return nil }
        self.text = text
    }

    var databaseValue: DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> StoredText? {
        switch value.storage {
        case .string(let text): StoredText(text)
        case .blob(let data): StoredText(String(decoding: data, as: UTF8.self))
        default: nil
        }
    }
}
