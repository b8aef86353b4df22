import Domain
import Scheduler

/// One entry of `GET /v1/decisions`.
struct DecisionEntry: Codable, Sendable {
    let execution: ExecutionID
    let decision: Decision
}
