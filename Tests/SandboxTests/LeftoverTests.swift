import CSandbox
import Foundation
import Glibc
import Testing

/// What is left when instances, their spawner, or both are gone: nothing.
@Suite("Leftovers", .serialized, .timeLimit(.minutes(10)))
struct LeftoverTests {
    /// Instances started and killed; all ten thousand with GODWIT_LONG=1.
    private static let count = ProcessInfo.processInfo.environment["GODWIT_LONG"] == nil ? 400 : 10_000

    /// Ended by themselves, by the filter, by a limit, by force, with children, with files and signals pending.
    private static let ends = [
        "list_root", "ptrace_traceme", "hang_ignore_term", "close_and_hang", "tmp_inodes", "thread_bomb",
        "stack_overflow", "fork_bomb", "daemonise", "fork_at_death", "deep_folders", "fd_exhaust",
    ]

    @Test("instances that ended leave no process, group, mount, descriptor or file", arguments: Account.available)
    func instances(_ account: Account) async throws {
        let before = Self.descriptors()
        let (name, folder) = try await Sandbox.run(as: account) { sandbox in
            var tried = 0
            while tried < Self.count {
                let attempts = try sandbox.attempt(Self.ends, as: .any, seconds: 0.1)
                #expect(attempts.count == Self.ends.count)
                for attempt in attempts {
                    if case .refused = attempt.ending { Issue.record("\(attempt)") }
                }
                tried += attempts.count
                // While the spawner lives it has no child but those that are to be there, and they are none.
                try Self.eventually("no instance is left") { Self.instances(of: sandbox.name).isEmpty }
            }
            return (sandbox.name, sandbox.bait.folder)
        }
        #expect(Self.processes(naming: folder).isEmpty)
        #expect(Self.groups(of: name).isEmpty)
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains(folder))
        #expect(!FileManager.default.fileExists(atPath: folder))
        // Some are the test library's own; each instance that leaked one would add hundreds.
        #expect(Self.descriptors() <= before + 16, "the node's side has descriptors left")
    }

    @Test("a spawner killed −9 takes its instances along, and the next one clears up", arguments: Account.available)
    func killed(_ account: Account) async throws {
        let name = "sandbox-killed-\(UInt32.random(in: 0..<UInt32.max))"
        let folder = try await Sandbox.run(as: account, named: name) { sandbox in
            for attack in ["be_there", "fork_at_death", "hang_ignore_term", "daemonise", "close_and_hang"] {
                for _ in 0..<8 {
                    _ = try sandbox.start(attack, as: .any, victim: 0, limits: Sandbox.Limits(cpuSeconds: 0))
                }
            }
            usleep(200_000)
            kill(sandbox.pid, SIGKILL)
            try Self.eventually("no instance is left") { Self.instances(of: sandbox.name).isEmpty }
            return sandbox.bait.folder
        }
        try await Sandbox.run(as: account, named: name) { sandbox in
            let attempts = try sandbox.attempt(["list_root"], as: .any)
            #expect(attempts.first?.outcome.hasPrefix("limited") == true)
        }
        #expect(Self.processes(naming: folder).isEmpty && Self.groups(of: name).isEmpty)
    }

    @Test(
        "an instance finds nothing of another in its /tmp, nor of one that was there before",
        arguments: Account.available
    )
    func temporaryFiles(_ account: Account) async throws {
        try await Sandbox.run(as: account) { sandbox in
            // More than there are uids prepared in a row, so that one is had again.
            for profile in Profile.allCases {
                for _ in 0..<20 {
                    let left = try sandbox.attempt(["leave_mark", "find_mark"], as: profile)
                    #expect(left.map(\.outcome) == ["limited a mark of its own", "blocked ENOENT"])
                }
            }
        }
    }

    // MARK: - Looking

    private static func eventually(_ what: String, _ condition: () -> Bool) throws {
        for _ in 0..<500 {
            if condition() { return }
            usleep(20_000)
        }
        throw Workshop.Failure(description: "not within ten seconds: \(what)")
    }

    private static func descriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    /// Instances have the name of their sandbox as an argument.
    private static func instances(of name: String) -> [String] {
        processes(naming: "/function/attacks").filter { processes(naming: name).contains($0) }
    }

    private static func processes(naming text: String) -> [String] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return pids.filter { pid in
            guard Int(pid) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                return false
            }
            return String(decoding: bytes, as: UTF8.self).contains(text)
        }
    }

    private static func groups(of name: String) -> [String] {
        guard let walker = FileManager.default.enumerator(atPath: "/sys/fs/cgroup") else { return [] }
        return walker.compactMap { $0 as? String }.filter { $0.contains(name) && !$0.contains("tasks") }
    }
}
