package import Domain

/// Why a node may not run a call.
package enum Obstacles {
    /// All reasons that lie in the function and the node; empty when it may.
    package static func standing(_ spec: FunctionSpec, on node: NodeDescription, from origin: Site?) -> [String] {
        var reasons = spec.placement.obstacles(on: node, from: origin)
        if spec.memory > node.memory {
            reasons.append("it has \(node.memory) of memory for functions, an instance may use \(spec.memory)")
        }
        return reasons
    }

    /// All reasons that lie in the function, the node, its state and the call; empty when it may.
    static func all(
        _ spec: FunctionSpec,
        on node: NodeDescription,
        isLocal: Bool,
        standing: NodeStanding,
        from origin: Site?,
        barred: [NodeName: String],
        staysLocal: Bool
    ) -> [String] {
        var reasons = Obstacles.standing(spec, on: node, from: origin)
        switch standing {
        case .available: break
        case .failing(let share): reasons.append("it lost \(Figure.text(share * 100)) % of its recent calls")
        case .unavailable(let reason): reasons.append(reason)
        }
        if let reason = barred[node.name] { reasons.append(reason) }
        if staysLocal, !isLocal { reasons.append("the call must stay on the node that it came to") }
        return reasons
    }
}
