/// The body of `GET /v1/executions/{id}/logs`, oldest first.
package struct LogList: Hashable, Sendable, Codable {
    package let logs: [LogEntry]

    package init(logs: [LogEntry]) { self.logs = logs }
}
