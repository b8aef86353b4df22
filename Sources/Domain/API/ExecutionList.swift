/// The body of `GET /v1/executions`, newest first.
package struct ExecutionList: Hashable, Sendable, Codable {
    package let executions: [ExecutionRecord]
    /// What to pass as `before` for the next page; nil on the last.
    package let next: ExecutionID?

    package init(executions: [ExecutionRecord], next: ExecutionID?) {
        self.executions = executions
        self.next = next
    }
}
