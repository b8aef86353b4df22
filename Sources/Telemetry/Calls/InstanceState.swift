/// What an instance does: the label `state`.
package enum InstanceState: Int, LabelValue {
    case starting
    case idle
    case busy

    package var text: String {
        switch self {
        case .starting: "starting"
        case .idle: "idle"
        case .busy: "busy"
        }
    }
}
