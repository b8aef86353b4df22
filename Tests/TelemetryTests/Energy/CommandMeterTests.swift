import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct CommandMeterTests {
    private static let millisecond: UInt64 = 1_000_000

    /// A clock that is a second later whenever it is looked at.
    private static func makeClock() -> @Sendable () -> UInt64 {
        final class Count: Sendable { let value = Atomic<UInt64>(0) }
        let count = Count()
        return { count.value.add(1, ordering: .relaxed).newValue * 1_000_000_000 }
    }

    /// Asks until there is a number, which takes as long as the program does.
    private static func next(_ meter: CommandMeter) async -> Double {
        while true {
            if let joules = meter.advance() { return joules }
            await Task.yield()
        }
    }

    @Test func measuresPower() async throws {
        let command = try ExternalCommand(path: "/bin/echo", arguments: ["power: 7.5 W"])
        let meter = CommandMeter(command, unit: .watts, interval: 3_600_000 * Self.millisecond, now: Self.makeClock()) {
            _ in
        }
        #expect(meter.method == .command)
        _ = await Self.next(meter)
        #expect(await Self.next(meter) == 7.5)
    }

    @Test func readsACounter() async throws {
        let folder = try TemporaryFolder()
        try folder.write("0", to: "joules")
        let script = "read -r j < joules; j=$((j + 10)); echo $j > joules; echo energy: $j J"
        let command = try ExternalCommand(path: "/bin/sh", arguments: ["-c", "cd \(folder.path) && \(script)"])
        let meter = CommandMeter(command, unit: .joules, interval: Self.millisecond) { _ in }
        var sum = 0.0
        while sum < 30 { sum += await Self.next(meter) }
    }

    @Test func tellsOncePerChangeOfState() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/watts"
        let command = try ExternalCommand(path: "/bin/cat", arguments: [path])
        let (changes, continuation) = AsyncStream<CommandFailure?>.makeStream()
        let meter = CommandMeter(command, unit: .watts, interval: Self.millisecond) { continuation.yield($0) }
        var iterator = changes.makeAsyncIterator()
        #expect(meter.advance() == nil)
        #expect(await iterator.next() == .some(.exited(path: "/bin/cat", code: 1)))
        #expect(meter.advance() == nil)
        // A new file each time, so that no half of a line is read.
        try folder.write("4\n", to: "new")
        try folder.rename("new", to: "watts")
        #expect(await iterator.next() == .some(nil))
        #expect(await Self.next(meter) >= 0)
        try folder.write("many\n", to: "new")
        try folder.rename("new", to: "watts")
        let failure = CommandFailure.notUnderstood(path: "/bin/cat", text: "many\\n", example: "power: 12.5 W")
        #expect(await iterator.next() == .some(failure))
        #expect(meter.advance() == nil)
        try folder.write("5\n", to: "new")
        try folder.rename("new", to: "watts")
        #expect(await iterator.next() == .some(nil))
    }

    @Test func endsWithTheMeter() async throws {
        let (changes, continuation) = AsyncStream<Void>.makeStream()
        final class Witness: Sendable {
            let continuation: AsyncStream<Void>.Continuation
            init(_ continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }
            deinit { continuation.finish() }
        }
        do {
            let witness = Witness(continuation)
            let command = try ExternalCommand(path: "/bin/echo", arguments: ["1"])
            let meter = CommandMeter(command, unit: .watts, interval: 3_600_000 * Self.millisecond) { _ in
                withExtendedLifetime(witness) {}
            }
            _ = await Self.next(meter)
        }
        // The thread lets go of what it was given.
        for await _ in changes {}
    }
}
