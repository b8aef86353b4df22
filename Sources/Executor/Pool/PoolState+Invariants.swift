import Domain

extension PoolState {
    /// What must hold after every event, and does not; empty when all is well.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        let census = census
        if census.starting + census.idle + census.busy != instances.count {
            broken.append("\(census) do not add up to \(instances.count) instances")
        }
        if instances.count > limits.max { broken.append("\(instances.count) instances, at most \(limits.max)") }
        for (instance, state) in instances {
            switch state {
            case .ready(let calls, _), .retiring(let calls):
                let most = concurrency + (concurrency == 1 ? Lookahead.most : 0)
                if calls < 0 || calls > most { broken.append("instance \(instance) serves \(calls) calls") }
            case .starting: break
            }
        }
        if Set(waiting).count != waiting.count { broken.append("a call waits twice") }
        return broken
    }
}
