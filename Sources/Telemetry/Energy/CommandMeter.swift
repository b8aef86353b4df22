import Synchronization

/// Measures by a program of the operator's that reads an external meter: a plug, a PDU, a board's sensor.
///
/// The program runs at most every interval, on a thread of the meter's own that begins with the first ``advance()`` and ends
/// with the meter; nobody waits for it. It writes one line, the joules so far or the watts at the moment (``MeterUnit``).
package final class CommandMeter: EnergyMeter {
    /// What the thread and the meter share.
    private final class Core: Sendable {
        let command: ExternalCommand
        let unit: MeterUnit
        let track: Mutex<MeterTrack>
        let watch: FailureWatch<CommandFailure>
        let now: @Sendable () -> UInt64

        init(
            _ command: ExternalCommand,
            _ unit: MeterUnit,
            _ hold: UInt64,
            _ watch: FailureWatch<CommandFailure>,
            _ now: @escaping @Sendable () -> UInt64
        ) {
            self.command = command
            self.unit = unit
            self.track = Mutex(MeterTrack(unit: unit, hold: hold))
            self.watch = watch
            self.now = now
        }

        func read() {
            do {
                let value = try command.quantity(units: unit.names, example: unit.example)
                track.withLock { $0.take(value, at: now()) }
                watch.note(nil)
            } catch {
                track.withLock { $0.fail() }
                watch.note(error)
            }
        }
    }

    package let method = EnergyMethod.command
    private let core: Core
    private let repeater: Repeater

    /// Makes a meter; `interval` in nanoseconds, 2 s by default, from one start of the program to the next.
    ///
    /// `onChange` gets the failure when the program begins to fail, and nil when it works again, on the meter's thread.
    package init(
        _ command: ExternalCommand,
        unit: MeterUnit,
        interval: UInt64 = 2_000_000_000,
        now: @escaping @Sendable () -> UInt64 = Monotonic.now,
        onChange: @escaping @Sendable (CommandFailure?) -> Void
    ) {
        // Longer than a day makes no sense, and could not be multiplied.
        let hold = 3 * min(interval, 86_400_000_000_000) + ExternalCommand.timeLimit
        let core = Core(command, unit, hold, FailureWatch(onChange), now)
        self.core = core
        self.repeater = Repeater(interval: interval) { core.read() }
    }

    package func advance() -> Double? {
        repeater.start()
        return core.track.withLock { $0.advance(to: core.now()) }
    }
}
