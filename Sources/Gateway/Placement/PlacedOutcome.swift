import Domain
import Executor

/// How a call ended, and where it ran.
struct PlacedOutcome {
    var call: CallOutcome
    let node: NodeName
    let tier: Tier
    /// What it used there.
    let use: ResourceUse
}
