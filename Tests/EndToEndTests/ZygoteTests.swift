import Domain
import Foundation
import Testing

/// Instances that are forked from a process which has initialised: as good as any other, and sooner there.
@Suite("Zygotes", .timeLimit(.minutes(5)))
struct ZygoteTests {
    /// Tells what an instance sees of itself and of others.
    private static let watcher = #"""
        import ctypes, json, os, random, sqlite3, threading, time
        print("imported")
        shared = {"calls": 0}
        def status():
            lines = open("/proc/self/status").read().splitlines()
            return {line.split(":")[0]: line.split()[-1] for line in lines if ":" in line}
        def attempt(action):
            try: return repr(action())
            except OSError as error: return error.strerror
        def fill():
            with open("/tmp/full", "wb") as file:
                for _ in range(80): file.write(bytes(1 << 20))
        def handle(event, context):
            if event.path == "/fork": os.fork()
            if event.path == "/unshare": ctypes.CDLL(None).unshare(0x20000)
            if event.path == "/exit": os._exit(7)
            if event.path == "/fill": return len(bytearray(b"x" * (200 << 20)))
            if event.path == "/threads":
                for _ in range(200): threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
                time.sleep(1)
            shared["calls"] += 1
            before = os.listdir("/tmp")
            open("/tmp/mine", "w").write("x")
            others = [int(n) for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid()]
            return {
                "pid": os.getpid(), "calls": shared["calls"], "tmp": before, "random": random.random(),
                "capabilities": {key: value for key, value in status().items() if key.startswith("Cap")},
                "filters": int(status()["Seccomp_filters"]), "noNewPrivileges": status()["NoNewPrivs"], "others": others,
                "signal": attempt(lambda: os.kill(1, 9)), "memory": attempt(lambda: open("/proc/1/mem", "rb").read(1)),
                "full": attempt(fill),
                "files": sorted(int(fd) for fd in os.listdir("/proc/self/fd") if int(fd) > 3)[1:],
                "secret": os.environ.get("WORD"),
            }
        """#

    private struct Seen: Decodable, Sendable {
        var pid: Int
        var calls: Int
        var tmp: [String]
        var random: Double
        var capabilities: [String: String]
        var filters: Int
        var noNewPrivileges: String
        var others: [Int]
        var signal: String
        var memory: String
        var full: String
        var files: [Int]
        var secret: String?
    }

    /// How many instances of a function were forked.
    private func forks(of function: String, on node: TestNode) async throws -> Int {
        let prefix = "godwit_forked_instances_total{function=\"\(function)\"} "
        let line = try await node.send(.GET, "/metrics").text.split(separator: "\n").first { $0.hasPrefix(prefix) }
        return line.flatMap { Int($0.dropFirst(prefix.count)) } ?? 0
    }

    /// Calls until an instance was forked for it.
    private func awaitZygote(of function: String, on node: TestNode, path: String = "") async throws {
        try await awaitTrue("\(function) is forked", seconds: 30) {
            #expect(try await node.call(function + path).status == 200)
            return try await forks(of: function, on: node) > 0
        }
    }

    @Test(
        "a forked instance is as isolated as any other",
        arguments: Account.available
    )
    func isolation(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("watch", Self.watcher, "reuse: never\nmemory: 96MiB")
            let first = try await node.call("watch").json(Seen.self)
            try await awaitZygote(of: "watch", on: node)
            // Several at once, so that there are others to be seen.
            let seen = try await withThrowingTaskGroup { group in
                for _ in 0..<6 { group.addTask { try await node.call("watch").json(Seen.self) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let forked = seen.filter { $0.pid > 1 }
            #expect(forked.count >= 3, "\(seen)")
            for instance in forked {
                #expect(instance.calls == 1 && instance.tmp.isEmpty && instance.others.isEmpty, "\(instance)")
                #expect(instance.capabilities.count == 5 && Set(instance.capabilities.values) == ["0000000000000000"])
                #expect(instance.filters == first.filters + 1 && instance.noNewPrivileges == "1")
                #expect(instance.signal == first.signal && instance.memory.contains("No such file"), "\(instance)")
                #expect(["No space left on device", "File too large"].contains(instance.full), "\(instance)")
                #expect(instance.files == first.files)
            }
            #expect(Set(forked.map(\.random)).count == forked.count)
            #expect(Set(forked.map(\.pid)).count == forked.count)
        }
    }

    @Test("what a forked instance may not do is its end, and is told", arguments: Account.available)
    func ends(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("watch", Self.watcher, "reuse: never\nmemory: 96MiB")
            try await awaitZygote(of: "watch", on: node)
            for (path, error) in [
                ("/fork", "seccomp"), ("/unshare", "seccomp"), ("/exit", "7"), ("/fill", "memory"),
                ("/threads", "thread"),
            ] {
                let before = try await forks(of: "watch", on: node)
                let answer = try await node.call("watch" + path)
                #expect(try await forks(of: "watch", on: node) == before + 1)
                #expect(answer.status >= 500 && answer.text.contains(error), "\(path): \(answer.text)")
            }
            // The zygote and its other instances go on.
            let before = try await forks(of: "watch", on: node)
            #expect(try await node.call("watch").json(Seen.self).calls == 1)
            #expect(try await forks(of: "watch", on: node) == before + 1)
        }
    }

    @Test("Swift with Foundation, Dispatch, threads and tasks in what is forked", arguments: Account.available)
    func swift(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishWorkingFunction("memory: 192MiB\nreuse: never")
            try await awaitZygote(of: "working", on: node, path: "/pid")
            for _ in 0..<5 {
                let before = try await forks(of: "working", on: node)
                #expect(try await node.call("working", "").text == "9 right")
                #expect(try await forks(of: "working", on: node) == before + 1)
            }
        }
    }

    @Test("a zygote is replaced before it is used up")
    func replaced() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("watch", Self.watcher, "reuse: never\nmemory: 96MiB")
            try await awaitZygote(of: "watch", on: node)
            let before = try await forks(of: "watch", on: node)
            var pids: [Int] = []
            for _ in 0..<150 { pids.append(try await node.call("watch").json(Seen.self).pid) }
            // A few may have come while no zygote was ready on a busy machine.
            #expect(try await forks(of: "watch", on: node) - before >= 100)
            #expect(pids.filter { $0 == 2 }.count >= 2, "each zygote's first fork is its second process: \(pids)")
        }
    }

    @Test("the next instance is ready before it is asked for", arguments: Account.available)
    func spare(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("watch", Self.watcher, "reuse: never\nmemory: 96MiB")
            try await awaitZygote(of: "watch", on: node)
            let before = try await forks(of: "watch", on: node)
            var spawns: [UInt64] = []
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(150))
                let answer = try await node.call("watch")
                // It has seen no call before, nor anything that another one left.
                let seen = try answer.json(Seen.self)
                #expect(seen.calls == 1 && seen.tmp == [] && answer.header("godwit-start") == "cold")
                let record = try await node.awaitEnd(of: try #require(answer.header("x-call-id")))
                spawns.append(record.phases.spawn)
            }
            #expect(try await forks(of: "watch", on: node) == before + 12)
            // Nobody is woken in so short a time. On a busy machine one may not have been there yet.
            #expect(spawns.filter { $0 < 50_000 }.count >= 6, "\(spawns)")
        }
    }

    @Test("a fork that waits gives way where its memory is wanted")
    func roomForOthers() async throws {
        let config = try Configuration.file("limits: {memory: 300MiB}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython("watch", Self.watcher, "memory: 96MiB\ninstances: {max: 2}")
            #expect(try await node.call("watch").status == 200)
            // The instance, its zygote and the fork that waits leave no room for this one.
            try await Task.sleep(for: .milliseconds(1500))
            try await node.publishPython("other", "def handle(event, context):\n    return 'there'\n", "memory: 96MiB")
            for _ in 0..<3 { #expect(try await node.call("other").text == "there") }
            #expect(try await node.call("watch").status == 200)
        }
    }

    @Test("a secret that changes reaches the instances that are started after it")
    func secrets() async throws {
        try await TestNode.run(as: .ordinary) { node in
            #expect(try await node.send(.PUT, "/v1/secrets/WORD", body: Array("old".utf8)).status == 204)
            try await node.publishPython("watch", Self.watcher, "reuse: never\nsecrets: [WORD]")
            try await awaitZygote(of: "watch", on: node)
            #expect(try await node.call("watch").json(Seen.self).secret == "old")
            #expect(try await node.send(.PUT, "/v1/secrets/WORD", body: Array("new".utf8)).status == 204)
            for _ in 0..<5 { #expect(try await node.call("watch").json(Seen.self).secret == "new") }
        }
    }

    @Test(
        "what cannot be forked rightly is not forked, and the log says why",
        arguments: [
            ("threads", "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()"),
            ("/function", "held = open('/function/handler.py')"),
            ("files in /tmp", "open('/tmp/cache', 'w').write('x')"),
        ]
    )
    func obstacles(_ reason: String, _ source: String) async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython(
                "held",
                "\(source)\ndef handle(event, context): return 'fine'\n",
                "reuse: never"
            )
            #expect(try await node.call("held").text == "fine")
            try await awaitTrue("the log says that it is not forked", seconds: 20) {
                try await node.send(.GET, "/v1/functions/held/logs").text.contains("one by one")
            }
            for _ in 0..<3 { #expect(try await node.call("held").text == "fine") }
            #expect(try await node.send(.GET, "/v1/functions/held/logs").text.contains(reason))
            #expect(try await forks(of: "held", on: node) == 0)
        }
    }

    @Test("neither a function nor a node that says so is forked", arguments: [true, false])
    func off(_ byNode: Bool) async throws {
        let config = try Configuration.file(byNode ? "limits: {fork: false}\n" : "{}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython("watch", Self.watcher, byNode ? "reuse: never" : "reuse: never\nfork: false")
            for _ in 0..<4 {
                #expect(try await node.call("watch").json(Seen.self).pid == 1)
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(try await forks(of: "watch", on: node) == 0)
        }
    }
}
