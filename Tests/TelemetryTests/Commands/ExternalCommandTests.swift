import Foundation
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExternalCommandTests {
    private static func shell(_ script: String) throws -> ExternalCommand {
        try ExternalCommand(path: "/bin/sh", arguments: ["-c", script])
    }

    @Test func givesWhatIsWritten() throws {
        #expect(try ExternalCommand(path: "/bin/echo", arguments: ["-n", "a b", "$PATH"]).run() == "a b $PATH")
        #expect(try ExternalCommand(path: "/bin/true").run() == "")
        #expect(try Self.shell("echo 1; echo no >&2; echo 2").run() == "1\n2\n")
        #expect(try Self.shell("exec 1>&-; exit 0").run() == "")
    }

    @Test func theEnvironmentIsMinimal() throws {
        let text = try ExternalCommand(path: "/usr/bin/env").run()
        let names = text.split(separator: "\n").compactMap { $0.split(separator: "=").first }.sorted()
        #expect(names == ["LC_ALL", "PATH"])
    }

    @Test func theInputIsEmpty() throws {
        #expect(try ExternalCommand(path: "/bin/cat").run() == "")
    }

    @Test func noDescriptorIsInherited() throws {
        let pipe = LogPipe()
        _ = fcntl(pipe.descriptor, F_SETFD, 0)
        defer { _ = fcntl(pipe.descriptor, F_SETFD, FD_CLOEXEC) }
        let text = try ExternalCommand(path: "/bin/ls", arguments: ["/proc/self/fd"]).run()
        // Three, and that of the folder which is listed.
        #expect(text.split(separator: "\n").count == 4, "\(text)")
    }

    @Test func failuresAreToldApart() throws {
        #expect(throws: CommandFailure.exited(path: "/bin/sh", code: 3)) { try Self.shell("echo 5; exit 3").run() }
        #expect(throws: CommandFailure.signalled(path: "/bin/sh", signal: 13)) { try Self.shell("kill -PIPE $$").run() }
        #expect(throws: CommandFailure.notStarted(path: "/nowhere", errno: 2)) {
            try ExternalCommand(path: "/nowhere").run()
        }
        #expect(throws: CommandFailure.notStarted(path: "/etc/passwd", errno: 13)) {
            try ExternalCommand(path: "/etc/passwd").run()
        }
    }

    @Test func outputIsBounded() throws {
        #expect(try Self.shell("head -c 4096 /dev/zero").run().utf8.count == 4096)
        let failure = CommandFailure.wroteTooMuch(path: "/bin/sh", limit: 4096)
        #expect(throws: failure) { try Self.shell("head -c 4097 /dev/zero").run() }
        #expect(throws: failure) { try Self.shell("exec yes").run() }
    }

    @Test(
        "time is bounded, for all that the program started",
        .enabled(if: Command.isInstalled("/usr/bin/flock"), "flock (Debian: util-linux) is not installed")
    )
    func timeIsBounded() throws {
        let folder = try TemporaryFolder()
        let lock = folder.path + "/lock"
        let command = try Self.shell("flock \(lock) sleep 600 & exec sleep 600")
        #expect(throws: CommandFailure.timedOut(path: "/bin/sh", nanoseconds: 200_000_000)) {
            try command.run(timeLimit: 200_000_000)
        }
        // Waits until nobody has the lock.
        #expect(try Command.run("/usr/bin/flock", [lock, "true"], input: "").status == 0)
    }

    @Test func whatIsLeftBehindIsNotWaitedForAndEnds() throws {
        let start = Monotonic.now()
        #expect(try Self.shell("sleep 600 & echo 5").run(timeLimit: 50_000_000_000) == "5\n")
        #expect(Monotonic.now() - start < 50_000_000_000)
    }

    @Test(arguments: ["meter", "./meter", "", "/bin/a\0b"])
    func needsAnAbsolutePath(_ path: String) {
        #expect(throws: InvalidCommand.self) { try ExternalCommand(path: path) }
    }

    @Test func argumentsAreBounded() {
        #expect(throws: InvalidCommand.self) {
            try ExternalCommand(path: "/a", arguments: Array(repeating: "a", count: 65))
        }
        #expect(throws: InvalidCommand.self) {
            try ExternalCommand(path: "/a", arguments: [String(repeating: "a", count: 4097)])
        }
    }

    @Test(
        arguments: [
            ("12.5", 12.5), ("  7\n", 7), ("power: 12.5 W", 12.5), ("\n power:3 w\r\n\n", 3), ("1e3", 1000), ("0 W", 0),
            ("plug 1: power: 4.25 watts", 4.25), ("", nil), ("-1", nil), ("nan", nil), ("inf", nil), ("1 2", nil),
            ("12 J", nil), ("1\n2", nil), ("power:", nil), ("12.5W", nil), ("1 W W", nil),
        ] as [(String, Double?)]
    )
    func quantities(_ text: String, _ value: Double?) {
        #expect(QuantityText.parse(text, units: ["W", "watts"]) == value)
    }
}
