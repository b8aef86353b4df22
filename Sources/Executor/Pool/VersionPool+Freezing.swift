import Domain

/// Instances that idle and use the processor all the same, in threads of their own: they are stopped until their next call.
extension VersionPool {
    /// Whether there are any that idle and may still have to be stopped.
    var hasIdlers: Bool { allInstances.contains { !$0.isFrozen && isIdle($0) } }

    private func isIdle(_ instance: Instance) -> Bool {
        if case .ready(calls: 0, _) = state.instances[instance.id] { true } else { false }
    }

    /// Stops those that have used too much since they were looked at last.
    func stopBusyIdlers(at now: UInt64) {
        for instance in allInstances {
            guard case .ready(calls: 0, let since) = state.instances[instance.id],
                let share = instance.stopIfBusy(idleSince: since, at: now), !hasToldOfFreezing
            else { continue }
            hasToldOfFreezing = true
            let percent = max(1, Int(share * 100))
            log(
                "an instance used \(percent) % of a processor while it served no call; it is stopped until its next one",
                stream: "platform",
                level: "warning"
            )
        }
    }
}
