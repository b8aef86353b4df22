package import Domain

/// A candidate that may not run the call, and all reasons why.
package struct Exclusion: Hashable, Sendable, Codable {
    package let node: NodeName
    package let reasons: [String]

    package init(node: NodeName, reasons: [String]) {
        self.node = node
        self.reasons = reasons
    }
}
