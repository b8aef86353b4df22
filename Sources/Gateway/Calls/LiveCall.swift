import Domain

/// A call in flight and what it was made from.
struct LiveCall {
    let call: PlacedCall
    let plan: CallPlan
}
