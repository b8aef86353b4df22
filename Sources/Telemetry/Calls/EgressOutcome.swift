/// How a request through the egress broker ended: the label `outcome`.
package enum EgressOutcome: Int, LabelValue {
    /// It was answered, with any status.
    case ok
    /// The function may not call this host or address, or not like this.
    case denied
    /// No connection, no name, or no answer that is HTTP.
    case unreachable
    case tls
    case timeout
    /// Too large, or too many.
    case limited
    /// The broker was not there.
    case broker
    case cancelled

    /// The outcome that an error such as `egress.tls` stands for.
    package init(error: String) {
        switch error {
        case "egress.denied", "egress.address", "egress.request", "egress.redirect": self = .denied
        case "egress.tls": self = .tls
        case "egress.timeout": self = .timeout
        case "egress.size", "egress.busy": self = .limited
        case "egress.broker": self = .broker
        case "egress.cancelled": self = .cancelled
        default: self = .unreachable
        }
    }

    package var text: String {
        switch self {
        case .ok: "ok"
        case .denied: "denied"
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .timeout: "timeout"
        case .limited: "limited"
        case .broker: "broker"
        case .cancelled: "cancelled"
        }
    }
}
