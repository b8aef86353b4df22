import Domain
import NIOCore

/// The fork that is ready before anybody asks for it.
///
/// To ask for a fork is to wake the spawner, which wakes the fork, which says that it is ready. One that has said so
/// already is asked by the node alone. It is no instance yet: it takes free memory only, and is the first to go where
/// that is wanted.
extension VersionPool {
    /// How long after a start another spare is made: the call that took the last one goes first.
    private static let delay = TimeAmount.milliseconds(1)
    /// Spares that may end by themselves until no more are made.
    private static let lossesAllowed = 3

    /// Has a spare made in a moment, unless there is one.
    func wantSpare() {
        guard zygote?.isReady == true, spare == nil, spareTimer == nil, spareLosses < Self.lossesAllowed else { return }
        spareTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.delay) { [self] in
            spareTimer = nil
            makeSpare()
        }
    }

    private func makeSpare() {
        guard isActive, spare == nil, state.instances.count < state.limits.max,
            executor.hasRoom(for: version.spec.memory), let launch = try? makeLaunch(),
            let zygote = zygoteToFork(launch)
        else { return }
        executor.reserveForZygote(version.spec.memory)
        let made = Instance(
            id: executor.spawner.makeID(),
            transport: .frames,
            zygote: zygote,
            pool: self,
            eventLoop: executor.eventLoop
        )
        spare = made
        made.start(launch, spawner: executor.spawner)
    }

    /// The spare as an instance that is started like this, if it is ready and there may be one more; its memory is the
    /// instance's then.
    func takeSpare(_ launch: InstanceLaunch) -> Instance? {
        guard let spare, spare.isServing, spare.zygote?.suits(launch) == true,
            executor.takeOver(memory: version.spec.memory)
        else { return nil }
        self.spare = nil
        spare.startsNow()
        observer.instanceForked(key)
        return spare
    }

    /// Ends the spare.
    func dropSpare() {
        spareTimer?.cancel()
        spareTimer = nil
        if let spare { kill(spare) }
    }

    /// The spare is gone before anybody asked for it.
    func spareEnded(failure: CallFailure?) {
        let ended = spare
        spare = nil
        executor.releaseOfZygote(version.spec.memory)
        ended?.zygote?.forkEnded()
        if let failure {
            spareLosses += 1
            observer.instanceEnded(key, failure: failure)
        }
        executor.pump()
    }
}
