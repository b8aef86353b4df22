/// How joules were obtained; whatever shows joules shows this too.
package enum EnergyMethod: Int, LabelValue {
    /// Measured by a powercap zone (RAPL), shared out by CPU time.
    case powercap
    /// Measured by an external meter that a command reads, shared out by CPU time.
    case command
    /// Calculated from CPU time and the node's power curve.
    case model

    /// The name in headers, records and metrics.
    package var text: String {
        switch self {
        case .powercap: "powercap"
        case .command: "command"
        case .model: "model"
        }
    }
}
