/// Whether a call found a running instance: the label `start`.
package enum StartTemperature: Int, LabelValue {
    case cold
    case warm

    package var text: String { self == .cold ? "cold" : "warm" }
}
