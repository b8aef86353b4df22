/// A node that could not take the call, and all reasons why.
package struct ExclusionReport: Hashable, Sendable, Codable {
    package let node: NodeName
    package let reasons: [String]

    package init(node: NodeName, reasons: [String]) {
        self.node = node
        self.reasons = reasons
    }
}
