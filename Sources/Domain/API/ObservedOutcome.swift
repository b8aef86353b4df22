/// How a call that was placed went.
package struct ObservedOutcome: Hashable, Sendable, Codable {
    /// Where it ended up, after further attempts if there were any.
    package let node: NodeName
    /// From the decision to the end, in milliseconds.
    package let milliseconds: Double
    package let joules: Double
    package let start: StartKind?
    package let failure: String?

    package init(node: NodeName, milliseconds: Double, joules: Double, start: StartKind?, failure: String?) {
        self.node = node
        self.milliseconds = milliseconds
        self.joules = joules
        self.start = start
        self.failure = failure
    }
}
