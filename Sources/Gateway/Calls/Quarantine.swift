package import Domain
package import Executor
import Synchronization

/// Versions that this node no longer runs, because their instances were ended by the sandbox again and again.
///
/// What counts is an attempt at what no function may do: a forbidden system call, more processes than allowed, frames
/// that are none. Too much memory, time or output happens to honest functions too. A version stays in quarantine, over
/// restarts, until an operator releases it; another version of its function is not affected.
package final class Quarantine: Sendable {
    /// Versions that are watched at once; of more, those that were seen longest ago are forgotten.
    private static let watchLimit = 1024

    private struct State {
        var recent: [VersionKey: [UInt64]] = [:]
        var held: [VersionKey: QuarantinedVersion] = [:]
    }

    private let node: NodeName
    private let settings: QuarantineSettings
    private let state = Mutex(State())
    /// Read with every call, which must not wait for a lock.
    private let count = Atomic<Int>(0)
    private let change = Mutex<(@Sendable (QuarantinedVersion?) -> Void)?>(nil)

    package init(node: NodeName, settings: QuarantineSettings) {
        self.node = node
        self.settings = settings
    }

    /// How many versions are held.
    package var heldCount: Int { count.load(ordering: .relaxed) }

    /// All that are held, by name and version.
    package var held: [QuarantinedVersion] {
        state.withLock { $0.held.values.sorted { ($0.function.text, $0.version) < ($1.function.text, $1.version) } }
    }

    /// What to do when the list has changed; gets the version that was just put into it.
    package func onChange(_ action: @escaping @Sendable (QuarantinedVersion?) -> Void) {
        change.withLock { $0 = action }
    }

    /// Takes over what was held before a restart.
    package func restore(_ versions: [QuarantinedVersion]) {
        state.withLock { state in
            for version in versions {
                state.held[VersionKey(function: version.function, version: version.version)] = version
            }
            count.store(state.held.count, ordering: .relaxed)
        }
    }

    /// An instance ended because of `failure`; `now` is in monotonic nanoseconds.
    package func ended(_ key: VersionKey, because failure: CallFailure, at time: Timestamp, now: UInt64) {
        guard settings.violations > 0, [.seccomp, .processLimit, .malformed].contains(failure.kind) else { return }
        let caught: QuarantinedVersion? = state.withLock { state in
            guard state.held[key] == nil else { return nil }
            if state.recent.count >= Self.watchLimit, state.recent[key] == nil,
                let oldest = state.recent.min(by: { ($0.value.last ?? 0) < ($1.value.last ?? 0) })?.key
            {
                state.recent[oldest] = nil
            }
            let span = settings.within.microseconds.magnitude * 1000
            var recent = (state.recent[key] ?? []).filter { now < $0 + UInt64(span) }
            recent.append(now)
            guard recent.count >= settings.violations else {
                state.recent[key] = recent
                return nil
            }
            state.recent[key] = nil
            let version = QuarantinedVersion(
                function: key.function,
                version: key.version,
                node: node,
                since: time,
                reason: failure.description
            )
            state.held[key] = version
            count.store(state.held.count, ordering: .relaxed)
            return version
        }
        if let caught { tell(caught) }
    }

    /// Lets versions run again: one, or all of a function; gives those that were held.
    package func release(_ function: FunctionName, version: VersionNumber?) -> [QuarantinedVersion] {
        let released = state.withLock { state in
            let keys = state.held.keys.filter { $0.function == function && (version == nil || $0.version == version) }
            let released = keys.compactMap { state.held.removeValue(forKey: $0) }
            count.store(state.held.count, ordering: .relaxed)
            return released
        }
        if !released.isEmpty { tell(nil) }
        return released.sorted { $0.version < $1.version }
    }

    /// Why a version is not run here; nil where it is.
    package func objection(to version: FunctionVersion) -> String? {
        guard heldCount > 0 else { return nil }
        let key = VersionKey(function: version.spec.name, version: version.number)
        return state.withLock { $0.held[key] }.map { held in
            """
            \(key.function):\(key.version) is in quarantine on node '\(node)' since \(held.since), after \(settings.violations) \
            violations, the last being \(held.reason)
            """
        }
    }

    private func tell(_ version: QuarantinedVersion?) { change.withLock { $0 }?(version) }
}
