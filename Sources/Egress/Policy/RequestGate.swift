/// How many requests are made at once: of each function, and in all.
package struct RequestGate: Sendable {
    private let limits: EgressLimits
    private var total = 0
    private var ofFunction: [String: Int] = [:]

    package init(limits: EgressLimits) { self.limits = limits }

    /// Lets one in; throws when there are too many.
    package mutating func enter(_ function: String) throws(EgressError) {
        guard total < limits.atOnce else {
            throw EgressError(
                .busy,
                "functions make \(total) requests at once on this node, which is the most; try again"
            )
        }
        let count = ofFunction[function, default: 0]
        guard count < limits.atOnceOfFunction else {
            throw EgressError(.busy, "the function makes \(count) requests at once on this node, which is the most")
        }
        total += 1
        ofFunction[function] = count + 1
    }

    /// One that was let in is over.
    package mutating func leave(_ function: String) {
        guard let count = ofFunction[function] else { return }
        total -= 1
        ofFunction[function] = count > 1 ? count - 1 : nil
    }

    /// Those that are in.
    package var count: Int { total }
}
