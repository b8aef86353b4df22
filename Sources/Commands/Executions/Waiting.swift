import Domain

/// Waits for executions by long polling.
enum Waiting {
    /// Asks again and again until the execution is over; the node holds each request for up to ten seconds.
    static func untilFinal(_ id: ExecutionID, on client: NodeClient) async throws -> Fetched<ExecutionRecord> {
        while true {
            let answer = try await client.value(ExecutionRecord.self, "/v1/executions/\(id)?wait=10s")
            if answer.value.state.isFinal { return answer }
        }
    }
}
