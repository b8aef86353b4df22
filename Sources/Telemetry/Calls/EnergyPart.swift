/// What a part of the node's energy went to: the label `part`.
package enum EnergyPart: Int, LabelValue {
    /// What the node would have used at rest.
    case idle
    /// Calls.
    case functions
    /// The platform itself and other processes.
    case unattributed

    package var text: String {
        switch self {
        case .idle: "idle"
        case .functions: "functions"
        case .unattributed: "unattributed"
        }
    }
}
