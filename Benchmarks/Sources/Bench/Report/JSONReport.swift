#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A report for programs.
enum JSONReport {
    static func text(_ report: Report) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }
}
