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
        executor.setAside(version.spec.memory)
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
        guard let spare, !isSpareDropped, spare.isServing, let zygote = spare.zygote, zygotes[zygote.id] != nil,
            zygote.suits(launch), executor.takeOver(version.spec.memory)
        else { return nil }
        self.spare = nil
        spareLosses = 0
        spare.startsNow()
        observer.instanceForked(key)
        return spare
    }

    /// Whether there will be a spare in a moment.
    var isSpareComing: Bool { spare.map { !isSpareDropped && !$0.isServing } ?? false }

    /// Whether it can be ended for its memory; what is ended already gives it back by itself.
    var hasSpareToDrop: Bool { spare != nil && !isSpareDropped }

    /// Ends the spare.
    func dropSpare() {
        spareTimer?.cancel()
        spareTimer = nil
        guard let spare else { return }
        isSpareDropped = true
        kill(spare)
    }

    /// The spare is gone before anybody asked for it.
    func spareEnded(failure: CallFailure?) {
        let (ended, wasDropped) = (spare, isSpareDropped)
        spare = nil
        isSpareDropped = false
        executor.giveBack(version.spec.memory)
        ended?.zygote?.forkEnded()
        let isOrphan = ended?.zygote.map { zygotes[$0.id] == nil } ?? false
        observer.instanceEnded(key, failure: wasDropped || isOrphan ? nil : failure)
        if !wasDropped, !isOrphan { spareLosses += 1 }
        executor.pump()
    }
}
