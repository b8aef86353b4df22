import Synchronization

/// How much carbon dioxide the electricity of the node stands for: a number, or a file or command that tells it.
///
/// Files and commands are looked at once a minute, on a thread that begins with the first question and ends with this
/// object, so asking never waits. When one fails, what was known last goes on to count.
package final class CarbonIntensity: Sendable {
    /// Where the number comes from.
    package enum Source: Hashable, Sendable {
        /// Grams of CO₂ equivalent per kilowatt-hour.
        case constant(Double)
        /// The path of a file of one such number, or of lines of a time (RFC 3339), a comma and a number, of which the
        /// last not after now counts.
        case file(String)
        /// A program that writes one such number.
        case command(ExternalCommand)
    }

    /// What the thread and this object share.
    private final class Core: Sendable {
        struct State {
            var timeline: CarbonTimeline?
            var stamp: FileStamp?
        }

        let source: Source
        let watch: FailureWatch<CarbonFailure>
        let state = Mutex(State())

        init(_ source: Source, _ watch: FailureWatch<CarbonFailure>) {
            self.source = source
            self.watch = watch
        }

        func refresh() {
            do throws(CarbonFailure) {
                switch source {
                case .constant(let intensity): keep(try CarbonTimeline(constant: intensity), nil)
                case .file(let path): try read(path)
                case .command(let command): keep(try CarbonTimeline(constant: number(of: command)), nil)
                }
                watch.note(nil)
            } catch {
                state.withLock { $0.stamp = nil }
                watch.note(error)
            }
        }

        private func read(_ path: String) throws(CarbonFailure) {
            let stamp = System.stamp(of: path)
            guard let stamp else { throw .unreadable(path: path) }
            guard state.withLock({ $0.stamp }) != stamp else { return }
            guard stamp.size <= 1 << 20, let text = ProcText.text(path) else { throw .unreadable(path: path) }
            keep(try CarbonTimeline(parsing: text, path: path), stamp)
        }

        private func number(of command: ExternalCommand) throws(CarbonFailure) -> Double {
            do {
                return try command.quantity(
                    units: ["g", "g/kWh", "gCO2/kWh", "gCO2e/kWh"],
                    example: "carbon: 380 g/kWh"
                )
            } catch {
                throw .command(error)
            }
        }

        private func keep(_ timeline: CarbonTimeline, _ stamp: FileStamp?) {
            state.withLock { $0 = State(timeline: timeline, stamp: stamp) }
        }
    }

    private let core: Core
    private let repeater: Repeater?
    private let now: @Sendable () -> Int64

    /// Makes an intensity that knows nothing yet, but for that of a constant; `interval` in nanoseconds, a minute by default.
    ///
    /// `onChange` gets the failure when the source begins to fail, and nil when it works again.
    package init(
        _ source: Source,
        interval: UInt64 = 60_000_000_000,
        now: @escaping @Sendable () -> Int64 = WallClock.now,
        onChange: @escaping @Sendable (CarbonFailure?) -> Void
    ) {
        let core = Core(source, FailureWatch(onChange))
        self.core = core
        self.now = now
        if case .constant = source {
            self.repeater = nil
            core.refresh()
        } else {
            self.repeater = Repeater(interval: interval) { core.refresh() }
        }
    }

    /// Looks at the source now, on the caller's thread: for the start of a node, so that its first call knows already.
    ///
    /// Blocks as long as a file or a command does, the latter for at most 2 s.
    package func refresh() { core.refresh() }

    /// Grams of CO₂ equivalent per kilowatt-hour now; nil while that is not known.
    package var gramsPerKilowattHour: Double? {
        repeater?.start()
        return gramsPerKilowattHour(at: now())
    }

    /// Grams of CO₂ equivalent per kilowatt-hour at a time, in nanoseconds since 1970-01-01T00:00:00Z, by what is known of
    /// the source; nil where nothing is.
    package func gramsPerKilowattHour(at time: Int64) -> Double? {
        core.state.withLock { $0.timeline }?.intensity(at: time)
    }

    /// The emissions of so many joules now; nil while the intensity is not known.
    package func reading(joules: Double) -> CarbonReading? {
        gramsPerKilowattHour.map { CarbonReading(joules: joules, intensity: $0) }
    }
}
