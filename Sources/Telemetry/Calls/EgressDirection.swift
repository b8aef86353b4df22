/// Which way the bytes of egress requests go: the label `direction`.
package enum EgressDirection: Int, LabelValue {
    case up
    case down

    package var text: String { self == .up ? "up" : "down" }
}
