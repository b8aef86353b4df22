import Testing

/// Layers left out, in a spawner that is built for it: the others hold, and none of them is decoration.
@Suite("Layers of the sandbox", .timeLimit(.minutes(5)))
struct LayerTests {
    /// What succeeds when one layer is missing: nothing else may.
    private static let alone: [String: Set<String>] = [
        "seccomp": Set(Attack.all.filter(\.filterAlone).map(\.name)).union(["ptrace_traceme"]),
        "landlock": [],
        "user": [],
        "isolation": ["read_host_passwd", "proc_neighbours", "dev_shm", "host_name", "proc_mounts_leak"],
        "network": [],
        "ipc": [],
        "uts": ["host_name"],
        "cgroups": ["proc_cgroup_leak"],
        "cgroup-namespace": ["proc_cgroup_leak"],
        "uid": [],
        "capabilities": ["has_capabilities"],
        "rlimits": [],
        "noexec": ["map_exec_from_tmp"],
    ]

    /// Fill what they find; without mounts that would be the machine's own folder.
    private static let fillers: Set<String> = ["tmp_fill", "tmp_many", "tmp_inodes", "deep_folders", "symlink_race"]

    @Test("without one layer the others hold", arguments: Account.available, alone.keys.sorted())
    func oneMissing(_ account: Account, _ layer: String) async throws {
        let attempts = try await Sandbox.run(as: account, without: [layer]) { sandbox in
            let victim = try sandbox.startVictim(as: .executable)
            let names = Attack.all.map(\.name).filter { layer != "isolation" || !Self.fillers.contains($0) }
            let attempts = try sandbox.attempt(names, as: .executable, victim: victim, seconds: 1)
            #expect(sandbox.isLive(victim), "the neighbour was hurt")
            try sandbox.endAll()
            return attempts
        }
        #expect(attempts.count > 200)
        let allowed = Set(Attack.all.filter { $0.expected(in: .executable) == .allowed }.map(\.name))
        let tolerated = Self.alone[layer] ?? []
        for attempt in attempts where attempt.outcome.hasPrefix("succeeded") {
            #expect(allowed.contains(attempt.attack) || tolerated.contains(attempt.attack), "\(attempt)")
        }
        for attempt in attempts {
            if case .refused = attempt.ending { Issue.record("\(attempt)") }
        }
    }

    /// An attack that a layer stops when all others that would are missing, and that nothing stops without it.
    struct Witness: Sendable, CustomStringConvertible {
        let layer: String
        let attack: String
        let others: [String]
        var accounts: [Account] = Account.allCases
        /// Whether an outcome means that it was stopped.
        var isStopped: @Sendable (String) -> Bool = { !$0.hasPrefix("succeeded") }

        var description: String { "\(layer): \(attack)" }
    }

    static func atMost(_ most: Int) -> @Sendable (String) -> Bool {
        { outcome in
            let words = outcome.split(separator: " ")
            guard words.count > 1, words[0] == "limited", let amount = Int(words[1]) else { return true }
            return amount <= most
        }
    }

    static let witnesses = [
        Witness(layer: "seccomp", attack: "exec_again", others: []),
        Witness(layer: "landlock", attack: "tcp_bind", others: ["seccomp"]),
        Witness(layer: "network", attack: "tcp_host", others: ["seccomp", "landlock"]),
        Witness(layer: "isolation", attack: "read_host_file", others: ["landlock"]),
        Witness(layer: "isolation", attack: "proc_parent_cmdline", others: ["landlock"], accounts: [.root]),
        Witness(layer: "ipc", attack: "shm_of_host", others: ["seccomp"]),
        Witness(layer: "uts", attack: "host_name", others: []),
        Witness(layer: "cgroup-namespace", attack: "proc_cgroup_leak", others: [], accounts: [.root]),
        Witness(
            layer: "capabilities",
            attack: "mount_tmpfs",
            others: ["seccomp", "landlock", "user", "uid"],
            accounts: [.root]
        ),
        // The user namespace has no witness: where root starts instances their own uids stop the same before it does, and
        // without uids of their own a namespace cannot be made here.
        Witness(
            layer: "uid",
            attack: "kill_sibling",
            others: ["seccomp", "landlock", "isolation", "user"],
            accounts: [.root]
        ),
        Witness(
            layer: "landlock",
            attack: "kill_sibling",
            others: ["seccomp", "isolation", "uid", "user"],
            accounts: [.root]
        ),
        Witness(layer: "noexec", attack: "map_exec_from_tmp", others: []),
        Witness(layer: "rlimits", attack: "fd_exhaust", others: [], isStopped: atMost(64)),
        Witness(
            layer: "cgroups",
            attack: "fork_bomb",
            others: ["seccomp", "rlimits"],
            accounts: [.root],
            // Neither refused nor ended for their number, so many that they use up the memory.
            isStopped: { $0 == "processes" || $0.hasPrefix("limited") && atMost(64)($0) }
        ),
    ]

    @Test("each layer stops something that nothing else would", arguments: Account.available, witnesses)
    func witness(_ account: Account, _ witness: Witness) async throws {
        guard witness.accounts.contains(account) else { return }
        func outcome(without layers: [String]) async throws -> String {
            try await Sandbox.run(as: account, without: layers) { sandbox in
                let victim = try sandbox.startVictim(as: .executable)
                let attempt = try sandbox.attempt([witness.attack], as: .executable, victim: victim).first
                try sandbox.endAll()
                return attempt?.outcome ?? "nothing"
            }
        }
        let with = try await outcome(without: witness.others)
        #expect(witness.isStopped(with), "with it: \(with)")
        let without = try await outcome(without: witness.others + [witness.layer])
        #expect(!witness.isStopped(without), "without it: \(without)")
    }
}
