import Domain
import Executor

/// A call in flight and what it was made from.
struct LiveCall {
    let call: Call
    let plan: CallPlan
}
