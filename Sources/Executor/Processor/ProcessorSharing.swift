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
    private var process: Int32 = 0
    /// Whether any call is with an instance.
    var isRunning: () -> Bool = { false }

    init(eventLoop: any EventLoop, spawner: SpawnerClient) {
        self.eventLoop = eventLoop
        self.spawner = spawner
    }

    /// A call goes to an instance with that process.
    func called(_ instance: UInt64, _ process: Int32, isAlone: Bool, isLight: Bool) {
        guard isPossible else { return }
        self.process = process
        follow(
            closeness.called(instance, isAlone: isAlone, isLight: isLight, at: System.monotonicNanoseconds())
        )
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
            spawner.place(instance, on: processor)
            watch()
        case .part(let instance):
            System.letProcessorGo()
            spawner.place(instance, on: nil)
            // What threads were started meanwhile.
            System.freeOtherThreads()
        }
    }

    private func watch() {
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [self] in
            timer = nil
            follow(closeness.tick(isRunning: isRunning(), at: System.monotonicNanoseconds()))
            guard closeness.isShared else { return }
            // The spawner may lack the right: alone on its processor, the loop would gain nothing.
            isPossible = System.isHeld(process: process)
            if !isPossible { return follow(closeness.leave()) }
            System.freeOtherThreads()
            watch()
        }
    }
}
