package import Domain

/// When an instance got how far on its way to its first call; times on the monotonic clock, in nanoseconds.
package struct StartTimes {
    private let created: UInt64
    /// When the process was there, once the spawner has told.
    package private(set) var spawned: UInt64?
    private var exec: UInt64 = 0
    package private(set) var ready: UInt64?
    /// What the function says that it itself took; it is not trusted to be less than there was.
    private var function: UInt64 = 0

    package init(created: UInt64) { self.created = created }

    /// The spawner tells of the process, which was there at `time` and whose sandbox took `exec` to build.
    package mutating func spawned(at time: UInt64, exec: UInt64) {
        self.spawned = max(created, min(time, ready ?? time))
        self.exec = exec
    }

    /// The function tells, perhaps before the spawner does, that it is ready, and how long it took to initialise itself.
    package mutating func ready(at now: UInt64, function: UInt64) {
        self.ready = now
        self.function = function
    }

    /// Where the time went, as far as it has; all of it to the spawner while that has not told.
    package var phases: CallPhases {
        guard let spawned = spawned ?? ready else { return CallPhases() }
        let spawn = spawned - created
        let initialise = max(ready ?? spawned, spawned) - spawned
        return CallPhases(
            spawn: spawn,
            exec: min(exec, spawn),
            initialise: initialise,
            function: min(function, initialise)
        )
    }
}
