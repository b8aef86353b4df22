import Domain
import NIOCore

/// Instances that are forked from a process which has initialised.
///
/// A version's first instance is started by executing its program. If its function says that it has something to
/// initialise, a zygote is started a moment later, in free memory only; from then on instances are forked from it. It
/// goes when memory is wanted for instances, when nothing has called the version for long, and when it has been forked as
/// often as it may: then another one has taken its place, so that not all instances for ever have the same random layout.
extension VersionPool {
    /// How long after the start of an instance a zygote is started: the call that waited for it goes first.
    private static let delay = TimeAmount.milliseconds(100)
    /// How long a zygote is kept when nothing calls its version.
    private static let rest = TimeAmount.hours(1)
    /// With so few forks left the next zygote is started.
    private static let few = ProcessOrigin.forksOfZygote / 4
    /// Zygotes that may end by themselves after they were ready, or may not be forked, until no more are started.
    private static let lossesAllowed = 3

    /// What the next instance is forked from; nil when its program has to be executed.
    func zygoteToFork(_ launch: InstanceLaunch) -> Zygote? {
        guard let zygote else { return nil }
        // A secret or a variable is another one by now: so are the instances from now on.
        guard zygote.suits(launch) else {
            dropZygote()
            return nil
        }
        guard zygote.isReady else { return nil }
        switch zygote.takeFork() {
        case 0:
            dropZygote(successor)
            wantZygote()
        case ...Self.few where successor == nil: startZygote(as: \.successor)
        default: break
        }
        return zygote
    }

    /// Starts a zygote in a moment, unless there is one or none is to be.
    func wantZygote() {
        guard executor.limits.forks, zygote == nil, zygoteTimer == nil, !hasNoZygote else { return }
        zygoteTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.delay) { [self] in
            zygoteTimer = nil
            startZygote(as: \.zygote)
        }
    }

    /// Nothing calls the version: its zygote is kept for a while.
    func noteRestForZygote() {
        guard zygote != nil else { return }
        zygoteTimer?.cancel()
        zygoteTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) { [self] in
            zygoteTimer = nil
            if isAtRest { dropZygote() }
        }
    }

    /// Ends the zygotes, or lets them end with the last of their instances; one may take over.
    func dropZygote(_ next: Zygote? = nil) {
        zygoteTimer?.cancel()
        zygoteTimer = nil
        if next == nil { dropSpare() }
        zygote?.retire()
        if next !== successor { successor?.retire() }
        zygote = next
        successor = nil
    }

    /// The spawner could not fork it, or knows it no more.
    func forkRefused(_ refused: Zygote?) {
        if refused === zygote { dropZygote(successor) } else { refused?.retire() }
        zygoteLosses += 1
        hasNoZygote = zygoteLosses >= Self.lossesAllowed
    }

    private func startZygote(as role: ReferenceWritableKeyPath<VersionPool, Zygote?>) {
        guard isActive, !hasNoZygote, self[keyPath: role] == nil, executor.hasRoom(for: version.spec.memory) else {
            return
        }
        guard let launch = try? makeLaunch(), launch.canFork else {
            hasNoZygote = true
            return
        }
        let new = Zygote(id: executor.spawner.makeID(), launch: launch, pool: self, eventLoop: executor.eventLoop)
        do {
            try new.start(spawner: executor.spawner)
        } catch {
            log("no zygote could be started: \(error)", stream: "platform", level: "warning")
            hasNoZygote = true
            return
        }
        executor.setAside(version.spec.memory)
        zygotes[new.id] = new
        self[keyPath: role] = new
    }

    func zygoteEnded(_ ended: Zygote, wasReady: Bool, because reason: String?) {
        zygotes[ended.id] = nil
        executor.giveBack(version.spec.memory)
        if ended === successor { successor = nil }
        if ended === zygote {
            zygoteTimer?.cancel()
            zygoteTimer = nil
            zygote = successor
            successor = nil
        }
        if let reason {
            log("instances are not forked: the zygote: \(reason)", stream: "platform", level: "warning")
            zygoteLosses += 1
            hasNoZygote = !wasReady || zygoteLosses >= Self.lossesAllowed
        }
        executor.pump()
    }
}
