import Egress

/// Why the node does not let a request come to the broker, or does not wait for it.
enum EgressFailure {
    /// The function lists nobody.
    case noEgress
    /// This node has no broker.
    case noBroker
    /// The broker has gone, and another is about to be there.
    case brokerLost
    case tooManyAtOnce
    case tooManyInCall
    case cancelled

    /// What the function is told.
    var error: EgressError {
        switch self {
        case .noEgress:
            EgressError(.denied, "the function has no egress; list the hosts that it may call in function.yaml")
        case .noBroker: EgressError(.broker, "this node has no egress broker; its log says why")
        case .brokerLost: EgressError(.broker, "the egress broker ended and is started again; try once more")
        case .tooManyAtOnce:
            EgressError(.busy, "an instance may make \(EgressLimits.atOnceInInstance) requests at once")
        case .tooManyInCall: EgressError(.busy, "a call may make \(EgressLimits.inCall) requests")
        case .cancelled: EgressError(.cancelled, "nobody waits any more")
        }
    }
}
