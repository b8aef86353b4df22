import Domain
import Gateway
import Logging
import ServiceLifecycle

/// Gives memory back when the node has come to rest.
///
/// A node that starts touches much that it needs once, and one that was busy holds what its calls needed. When it has done
/// next to nothing for a while after it did something, it lets go of both.
struct RestKeeper: Service {
    private static let interval = Duration.seconds(5)
    private static let moment = Duration.milliseconds(100)
    /// CPU time in one interval that still counts as rest.
    private static let restingNanoseconds: UInt64 = 50_000_000
    /// CPU time since memory was given back last, from which on it is worth doing again.
    private static let worthwhileNanoseconds: UInt64 = 200_000_000

    let logger: Logger
    /// Has others let go of what they can do without.
    let release: @Sendable () -> Void

    func run() async throws {
        var last = Machine.ownCPU, settled: UInt64 = 0
        while await Pause.sleep(for: Self.interval) {
            let used = Machine.ownCPU
            defer { last = used }
            guard used - last < Self.restingNanoseconds, used - settled > Self.worthwhileNanoseconds || settled == 0
            else { continue }
            let before = Machine.residentBytes
            release()
            // Others do that when they come to it.
            _ = await Pause.sleep(for: Self.moment)
            Machine.giveBackMemory()
            settled = used
            logger.debug(
                "at rest",
                metadata: ["resident_before": "\(before)", "resident": "\(Machine.residentBytes)"]
            )
        }
    }
}
