import NIOCore

/// Lets the event loop and an instance share a processor while that is quicker, as `Closeness` decides.
///
/// Confined to the event loop, whose thread it holds where it is.
final class ProcessorSharing {
    private static let interval = TimeAmount.milliseconds(100)

    private let eventLoop: any EventLoop
    private let spawner: SpawnerClient
    private var closeness = Closeness()
    private var timer: Scheduled<Void>?
    /// Whether the machine and our rights allow it.
    private var isPossible = true
    /// The process of the instance that is to share our processor, and ticks at which it did not.
    private var process: Int32 = 0
    private var ticksInVain = 0
    /// Instances that the spawner has still to be asked to let go of: its socket was full.
    private var held: [UInt64] = []
    /// Whether any call is with an instance.
    var isRunning: () -> Bool = { false }

    init(eventLoop: any EventLoop, spawner: SpawnerClient) {
        self.eventLoop = eventLoop
        self.spawner = spawner
    }

    /// A call goes to an instance with that process.
    func called(_ instance: UInt64, _ process: Int32, isAlone: Bool, isLight: Bool) {
        guard isPossible else { return }
        let change = closeness.called(
            instance,
            isAlone: isAlone,
            isLight: isLight,
            at: System.monotonicNanoseconds()
        )
        if case .share = change { (self.process, ticksInVain) = (process, 0) }
        follow(change)
    }

    func gone(_ instance: UInt64) { follow(closeness.gone(instance)) }

    private func follow(_ change: Closeness.Change) {
        switch change {
        case .nothing: break
        case .share(let instance):
            guard let processor = System.holdProcessor() else {
                isPossible = false
                return
            }
            _ = spawner.place(instance, on: processor)
            watch()
        case .part(let instance):
            System.letProcessorGo()
            // What threads were started meanwhile.
            System.freeOtherThreads()
            held.append(instance)
            letGo()
        }
    }

    private func letGo() {
        held.removeAll { spawner.place($0, on: nil) }
        if !held.isEmpty { watch() }
    }

    private func watch() {
        guard timer == nil else { return }
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [self] in
            timer = nil
            letGo()
            follow(closeness.tick(isRunning: isRunning(), at: System.monotonicNanoseconds()))
            guard closeness.isShared else { return }
            System.freeOtherThreads()
            ticksInVain = System.isFree(process: process) ? ticksInVain + 1 : 0
            if ticksInVain == 3 {
                // The spawner lacks the right: alone on its processor, the loop would gain nothing.
                isPossible = false
                follow(closeness.leave())
            }
            watch()
        }
    }
}
