import Domain
import Foundation
import Testing

/// A version may make the system calls that its list names, which can be learned from its own inputs.
@Suite("System calls that are learned", .timeLimit(.minutes(5)))
struct LearnTests {
    private static let handler = """
        import os
        def handle(event, context):
            what = event.text
            if what == "link":
                os.symlink("a", "/tmp/b")
                target = os.readlink("/tmp/b")
                os.unlink("/tmp/b")
                return target
            if what == "mkdir": os.mkdir("/tmp/c")
            return what.upper()
        """

    /// A function's folder that belongs to the account, and one for what its commands leave.
    private static func project(
        _ account: Account,
        manifest: String,
        files: [String: String]
    ) throws -> (top: String, folder: String, temporary: String) {
        let top = NSTemporaryDirectory() + "godwit-learn-\(UUID().uuidString)"
        let (folder, temporary) = (top + "/function", top + "/tmp")
        for path in [folder + "/inputs", temporary] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try manifest.write(toFile: folder + "/function.yaml", atomically: true, encoding: .utf8)
        for (path, text) in files {
            try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(path)")
        }
        guard !account.prefix.isEmpty else { return (top, folder, temporary) }
        for path in [top] + (try FileManager.default.subpathsOfDirectory(atPath: top)).map({ "\(top)/\($0)" }) {
            try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: path)
        }
        return (top, folder, temporary)
    }

    private static func learn(
        _ folder: String,
        _ more: [String] = [],
        to node: TestNode,
        as account: Account,
        temporary: String
    ) async throws -> (status: Int32, output: String) {
        try await Command.run(
            account.prefix + [Programs.godwit, "deploy", folder, "--learn", "--url", node.url, "--token", node.token]
                + more,
            environment: ["TMPDIR": temporary, "HOME": temporary]
        )
    }

    @Test("what its inputs led to is allowed, anything else is told by name", arguments: Account.available)
    func learned(_ account: Account) async throws {
        let (top, folder, temporary) = try Self.project(
            account,
            manifest: "name: turn\nruntime: python3\n# kept\nmemory: 64MiB\n",
            files: ["handler.py": Self.handler, "inputs/a.txt": "hello"]
        )
        defer { try? FileManager.default.removeItem(atPath: top) }
        try await TestNode.run(as: account) { node in
            let first = try await Self.learn(folder, to: node, as: account, temporary: temporary)
            #expect(first.status == 0, "\(first.output)")
            let manifest = try String(contentsOfFile: folder + "/function.yaml", encoding: .utf8)
            #expect(manifest.hasPrefix("name: turn\nruntime: python3\n# kept\nmemory: 64MiB\nsyscalls: ["))
            #expect(manifest.contains("openat") && !manifest.contains("symlink"))
            #expect(try await node.call("turn", "hello").text == "HELLO")
            for (input, name) in [("link", "symlink"), ("mkdir", "mkdir")] {
                let problem = try #require(try await node.call("turn", input).problem)
                #expect(problem.kind == CallFailure.Kind.seccomp.rawValue)
                #expect(problem.detail.contains("the system call \(name), which `syscalls`"), "\(problem.detail)")
            }
            #expect(try await node.call("turn", "hello").text == "HELLO", "the version goes on")

            try "link".write(toFile: folder + "/inputs/b.txt", atomically: true, encoding: .utf8)
            let second = try await Self.learn(folder, to: node, as: account, temporary: temporary)
            #expect(
                second.status == 0 && second.output.contains("new: readlink symlink")
                    || second.output.contains("symlink"),
                "\(second.output)"
            )
            #expect(second.output.contains("turn@2"), "the list is part of the version: \(second.output)")
            #expect(try await node.call("turn", "link").text == "a")
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty, "nothing is left behind")
        }
    }

    @Test("the processes that a program starts are learned from, and restricted, as well", arguments: Account.available)
    func processes(_ account: Account) async throws {
        let (top, folder, temporary) = try Self.project(
            account,
            manifest: "name: sh\nruntime: exec\nhandler: run\n",
            files: [
                "run":
                    "#!/bin/sh\n/bin/true\nread x\nif [ \"$x\" = link ]; then /bin/ln -s a /tmp/b; fi\n/bin/echo $x\n",
                "inputs/a": "hello\n",
            ]
        )
        defer { try? FileManager.default.removeItem(atPath: top) }
        try await TestNode.run(as: account) { node in
            let result = try await Self.learn(folder, to: node, as: account, temporary: temporary)
            #expect(result.status == 0, "\(result.output)")
            #expect(try await node.call("sh", "hello\n").text == "hello\n")
            let problem = try #require(try await node.call("sh", "link\n").problem)
            #expect(problem.detail.contains("the system call symlink"), "\(problem.detail)")
        }
    }

    @Test("an input that fails teaches nothing")
    func failing() async throws {
        let account = Account.ordinary
        let (top, folder, temporary) = try Self.project(
            account,
            manifest: "name: turn\nruntime: python3\n",
            files: ["handler.py": "def handle(e, c):\n    raise ValueError('no')\n", "inputs/a.txt": "x"]
        )
        defer { try? FileManager.default.removeItem(atPath: top) }
        try await TestNode.run(as: account) { node in
            let result = try await Self.learn(folder, to: node, as: account, temporary: temporary)
            #expect(result.status != 0 && result.output.contains("learning from '"), "\(result.output)")
            #expect(
                try String(contentsOfFile: folder + "/function.yaml", encoding: .utf8)
                    == "name: turn\nruntime: python3\n"
            )
            let missing = try await Self.learn(
                folder,
                ["--input", "/nonexistent"],
                to: node,
                as: account,
                temporary: temporary
            )
            #expect(missing.status != 0 && missing.output.contains("there is no file '/nonexistent'"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty, "nothing is left behind")
        }
    }

    @Test("a list cannot allow what the runtime forbids")
    func narrows() async throws {
        try await TestNode.run(as: .ordinary) { node in
            for name in ["ptrace", "socket", "no_such_call"] {
                let answer = try await node.upload(
                    "wide",
                    manifest: "name: wide\nruntime: python3\nsyscalls: [openat, \(name)]\n",
                    files: [("handler.py", Self.handler, false)]
                )
                #expect(answer.status == 422 || answer.status == 400, "\(answer.status)")
                #expect(answer.problem?.detail.contains("does not allow \(name)") == true, "\(answer.text)")
            }
        }
    }

    @Test("with an empty list not even the start succeeds, and it is said why", arguments: Account.available)
    func empty(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("bare", Self.handler, "syscalls: []")
            let answer = try await node.call("bare", "x")
            #expect(answer.status >= 500 && answer.text.contains("the system call "), "\(answer.text)")
        }
    }
}
