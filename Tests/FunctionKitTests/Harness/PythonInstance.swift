import FunctionKit
import Glibc

/// The Python harness in a process of its own, with a handler for the test.
final class PythonInstance {
    /// The node's side of its socket.
    let node: TestNode
    private let process: pid_t

    /// Whether this machine has the interpreter that the harness is for.
    static var isPossible: Bool {
        // SAFETY: the string lives as long as the call.
        unsafe access("/usr/bin/python3", X_OK) == 0
    }

    private static var harness: String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/Sources/Executor/Resources/harness.py"
    }

    /// Starts it with a module `handler` of that text.
    init(_ handler: String, concurrency: Int = 1) throws {
        let folder = "/tmp/harness-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let (near, far) = try System.streamPair()
        node = try TestNode(near)
        process = try Self.spawn(
            script: """
                trap 'rm -r \(folder)' EXIT
                mkdir \(folder) && cd \(folder) && printf %s "$HANDLER" > handler.py
                /usr/bin/python3 -I -S -B \(Self.harness) handler:handle
                """,
            environment: ["HANDLER=\(handler)", "GODWIT_FUNCTION=py", "GODWIT_CONCURRENCY=\(concurrency)"],
            socket: far
        )
        System.close(far)
    }

    /// Waits for its end; returns its status.
    func wait() async throws -> Int32 {
        let process = process
        return try await OwnThread.run {
            var status: Int32 = 0
            // SAFETY: the status is written before the call returns.
            unsafe waitpid(process, &status, 0)
            return status >> 8 & 0xFF
        }
    }

    private static func spawn(script: String, environment: [String], socket: Int32) throws -> pid_t {
        // SAFETY: every pointer outlives the call, and the copies of the strings are freed after it.
        var actions = unsafe posix_spawn_file_actions_t()
        var process: pid_t = 0
        let words: [String] = ["sh", "-c", script]
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, 3)
        // It has nothing else of ours: a pipe of another test that it kept open would never end for its reader.
        for descriptor in 4..<1024 as Range<Int32> { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var variables = unsafe (environment + ["PATH=/usr/bin:/bin"]).map { unsafe strdup($0) } + [nil]
        defer {
            unsafe (arguments + variables).forEach { unsafe free($0) }
            unsafe posix_spawn_file_actions_destroy(&actions)
        }
        let code = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, &variables)
        guard code == 0 else { throw SystemError("posix_spawn", code) }
        return process
    }
}
