import Domain

/// Instances that idle and use the processor all the same, in threads of their own: they are stopped until their next call.
extension VersionPool {
    /// Whether there are any that idle and may still have to be stopped.
    var hasIdlers: Bool { processes.contains { !$0.isFrozen && idleSince($0) != nil } }

    private var processes: [Instance] { allInstances + [spare].compactMap(\.self) }

    /// Since when an instance serves no call; nil where it does, or is not ready.
    private func idleSince(_ instance: Instance) -> UInt64? {
        if instance === spare { return instance.isServing ? instance.times.ready : nil }
        guard case .ready(calls: 0, let since) = state.instances[instance.id] else { return nil }
        return since
    }

    /// Stops those that have used too much since they were looked at last.
    func stopBusyIdlers(at now: UInt64) {
        for instance in processes {
            guard let since = idleSince(instance), let share = instance.stopIfBusy(idleSince: since, at: now),
                !hasToldOfFreezing
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
