/// The body of `GET /v1/executions`: one page, newest first.
package struct ExecutionList: Hashable, Sendable, Codable {
    package let executions: [ExecutionRecord]
    /// What to pass as `before` for the next page; nil on the last.
    package let next: ExecutionID?
    /// Nodes of the continuum that did not answer, and whose executions are not in the list; nil where all did.
    package let missing: [NodeName]?

    package init(executions: [ExecutionRecord], next: ExecutionID?, missing: [NodeName]? = nil) {
        self.executions = executions
        self.next = next
        self.missing = missing
    }
}
