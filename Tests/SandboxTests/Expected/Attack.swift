/// An attack by its name in `Attacks/*.c`, and what is to come of it.
struct Attack: Sendable {
    /// What stops it.
    enum Layer: Sendable {
        /// The system call filter.
        case filter
        /// A root file system without anything of the host, in a mount namespace.
        case root
        case readOnlyRoot
        /// `/tmp`: bounded, noexec, nosuid, nodev.
        case temporaryFiles
        case processNamespace
        case hostNameSpace
        case cgroupNamespace
        case capabilities
        case controlGroup
        case resourceLimits
        /// Nothing open, and no environment, but what was given.
        case descriptors
        /// The node's time for a call.
        case deadline
        /// It gets what every process may have: nothing is there to be stopped.
        case kernel
    }

    enum Expected: Sendable, Equatable {
        case blocked(String)
        /// The filter ended it for this call.
        case killed(String)
        /// It got no more than this amount.
        case limited(Int)
        /// It got its own, and nothing of others.
        case contained
        /// It succeeds, as it is meant to.
        case allowed
        case memory
        case processes
        case time
        case stopped
        case crashed(Int)
    }

    let name: String
    let layer: Layer
    private let expected: [Profile: Expected]
    /// What comes of it in a fork of a zygote, where that is something else.
    private let forked: Expected?
    /// Whether nothing but the filter stops it.
    let filterAlone: Bool

    init(
        _ name: String,
        _ expected: Expected,
        by layer: Layer,
        python: Expected? = nil,
        any: Expected? = nil,
        forked: Expected? = nil,
        filterAlone: Bool = false
    ) {
        self.name = name
        self.layer = layer
        self.expected = [.executable: expected, .python: python ?? expected, .any: any ?? expected]
        self.forked = forked
        self.filterAlone = filterAlone
    }

    static let all = files + processes + mounts + network + kernel + identity + limits + own

    func expected(in profile: Profile, isForked: Bool = false) -> Expected {
        if isForked, let forked { return forked }
        return expected[profile] ?? .allowed
    }

    /// Whether the outcome is the expected one.
    func holds(_ attempt: Attempt, in profile: Profile, isForked: Bool = false) -> Bool {
        let outcome = attempt.outcome
        switch expected(in: profile, isForked: isForked) {
        case .blocked(let error): return outcome == "blocked \(error)"
        case .killed(let call):
            // Only root may read in the kernel's log which call it was, and the log leaves lines out when there are many.
            return outcome == "killed \(call)" || outcome == "killed ?"
        case .limited(let most): return amount(outcome).map { $0 <= most } ?? false
        case .contained: return outcome.hasPrefix("limited ")
        case .allowed: return outcome.hasPrefix("succeeded ")
        case .memory: return outcome == "memory"
        // Where no group counts them, the call is refused and nobody is told; forks of a zygote are counted together then.
        case .processes:
            let most = isForked ? 65 * 32 : 32
            return outcome == "processes" || amount(outcome).map { $0 < most } ?? (outcome == "stopped")
        // It is ended all the same; that it was for its time is sometimes not known of a fork on a busy machine.
        case .time: return outcome == "time" || isForked && outcome == "signal 9"
        case .stopped: return outcome.hasPrefix("stopped")
        case .crashed(let signal): return outcome == "signal \(signal)"
        }
    }

    private func amount(_ outcome: String) -> Int? {
        let words = outcome.split(separator: " ")
        return words.count > 1 && words[0] == "limited" ? Int(words[1]) : nil
    }
}
