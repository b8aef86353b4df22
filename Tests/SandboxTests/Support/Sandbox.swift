import CSandbox
import Foundation
import Glibc

/// A spawner of its own, driven over its protocol as a node drives it, and the instances that it starts.
///
/// It blocks the thread that it is used on: use it through ``run(as:without:_:)``.
final class Sandbox {
    /// What each instance may use.
    struct Limits {
        var memory: UInt64 = 64 << 20
        var temporary: UInt64 = 16 << 20
        var processes: UInt32 = 32
        var openFiles: UInt32 = 64
        var cpuSeconds: UInt32 = 1
    }

    private struct Live {
        let attack: String
        let output: Int32
        let started: Double
        /// Our end of the socket to the node, for forks.
        var frames: Int32 = -1
        var pid: Int32 = 0
        var isAsked = false
    }

    let bait: Bait
    let name: String
    /// The layers as the spawner reports them.
    let report: String
    let pid: Int32
    private let socket: Int32
    private var live: [UInt64: Live] = [:]
    private var nextID: UInt64 = 1
    private var ended: [Attempt] = []
    /// What instances are forked from, by profile, and how often each may still be.
    private var zygotes: [Profile: (id: UInt64, left: Int)] = [:]
    private var prepared: Set<UInt64> = []
    private var zygoteOutputs: [Int32] = []

    /// Runs `body` with a sandbox on a thread of its own; then ends the spawner and all of its instances.
    static func run<Value: Sendable>(
        as account: Account,
        without layers: [String] = [],
        named name: String? = nil,
        _ body: @escaping @Sendable (Sandbox) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let sandbox = try Sandbox(as: account, without: layers, named: name)
                        defer { sandbox.stop() }
                        return try body(sandbox)
                    }
                )
            }
        }
    }

    private init(as account: Account, without layers: [String], named given: String?) throws {
        bait = try Bait()
        name = given ?? "sandbox-\(bait.folder.suffix(8))"
        var near: Int32 = -1
        var far: Int32 = -1
        // SAFETY: both pointers are to locals that outlive the call.
        guard unsafe csb_packet_pair(&near, &far) == 0 else { throw Workshop.Failure(description: "no sockets") }
        defer { close(far) }
        let program = try layers.isEmpty ? Workshop.spawner.get() : Workshop.lab.get()
        let arguments =
            account.prefix + [program, "--socket", "3", "--bundles", bait.bundles, "--name", name, "--slots", "600"]
            + (layers.isEmpty ? [] : ["--allow-degraded", "--without", layers.joined(separator: ",")])
        pid = Self.start(arguments, socket: far)
        socket = near
        guard pid > 0 else { throw Workshop.Failure(description: "the spawner: errno \(-pid)") }
        // Our end does not block.
        guard Self.isReadable(near, within: 20) else { throw Workshop.Failure(description: "the spawner is silent") }
        let (event, text) = try Self.receive(near)
        report = text
        guard event.kind == UInt32(CSB_EVENT_READY.rawValue) else {
            throw Workshop.Failure(description: "the spawner refused: \(text)")
        }
    }

    private func stop() {
        close(socket)
        for output in zygoteOutputs { close(output) }
        var status: Int32 = 0
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe waitpid(pid, &status, 0)
    }

    // MARK: - Attacks

    /// Runs attacks, many at a time, and gives what came of each in their order; `victim` is an instance that they may
    /// see or hurt if they can.
    func attempt(
        _ attacks: [String],
        as profile: Profile,
        victim: Int32 = 0,
        limits: Limits = Limits(),
        seconds: Double = 3,
        way: Way = .started
    ) throws -> [Attempt] {
        ended = []
        var waiting = attacks[...]
        var refusals = 0
        while !waiting.isEmpty || live.values.contains(where: { $0.attack != Self.victimName }) {
            while live.count < 24, let attack = waiting.popFirst() {
                _ = try start(attack, as: profile, victim: victim, limits: limits, way: way)
            }
            try take(seconds: 0.05)
            // A bomb of threads leaves no room for its sisters, who are refused as long as it goes off.
            if way == .forked, refusals < 2000, let place = ended.firstIndex(where: \.wasNotForked) {
                refusals += 1
                waiting.append(ended.remove(at: place).attack)
            }
            for (id, instance) in live where instance.attack != Self.victimName {
                guard !instance.isAsked, Self.now() - instance.started > seconds else { continue }
                live[id]?.isAsked = true
                csb_client_kill(socket, id)
            }
        }
        let byName = Dictionary(ended.map { ($0.attack, $0) }) { first, _ in first }
        return attacks.compactMap { byName[$0] }
    }

    /// The same in processes that have run the program already, and waited in it: one after another, since few wait.
    func attemptWaiting(
        _ attacks: [String],
        as profile: Profile,
        victim: Int32,
        limits: Limits = Limits()
    ) throws -> [Attempt] {
        var attempts: [Attempt] = []
        for attack in attacks {
            // The first of them has the others made ahead.
            for _ in 0..<20 {
                ended = []
                let id = try start(attack, as: profile, victim: victim, limits: limits, way: .ahead)
                let began = Self.now()
                while let instance = live[id] {
                    try take(seconds: 0.05)
                    guard !instance.isAsked, Self.now() - began > 6 else { continue }
                    live[id]?.isAsked = true
                    csb_client_kill(socket, id)
                }
                if let attempt = ended.first(where: { $0.attack == attack && $0.hasWaited }) {
                    attempts.append(attempt)
                    break
                }
                usleep(10_000)
            }
        }
        return attempts
    }

    private static let victimName = "be_there"

    /// Starts an instance that does nothing but be there, and gives its process id.
    func startVictim(as profile: Profile) throws -> Int32 {
        let id = try start(Self.victimName, as: profile, victim: 0, limits: Limits(cpuSeconds: 0))
        while live[id]?.pid == 0 { try take(seconds: 0.05) }
        guard let pid = live[id]?.pid else { throw Workshop.Failure(description: "the victim ended at once") }
        return pid
    }

    /// Whether the instance that was to be left alone is still there.
    func isLive(_ pid: Int32) -> Bool { live.values.contains { $0.pid == pid } && kill(pid, 0) == 0 }

    /// Asks for the end of everything that still runs, and waits for it.
    func endAll() throws {
        for id in live.keys { csb_client_kill(socket, id) }
        let limit = Self.now() + 10
        while !live.isEmpty {
            try take(seconds: 0.05)
            guard Self.now() < limit else { throw Workshop.Failure(description: "an instance did not end") }
        }
    }

    /// How an instance comes about.
    enum Way: String, Sendable {
        /// Its program is executed.
        case started
        /// The same, and others wait in the program after it.
        case ahead
        /// It is forked from one that has run the program.
        case forked
        /// It is what others are forked from.
        case zygote
    }

    /// The zygote that the next instance is forked from.
    private func zygote(as profile: Profile, victim: Int32, limits: Limits) throws -> UInt64 {
        if let zygote = zygotes[profile], zygote.left > 0 {
            zygotes[profile]?.left -= 1
            return zygote.id
        }
        let id = try start("--zygote", as: profile, victim: victim, limits: limits, way: .zygote)
        while !prepared.contains(id) {
            guard live[id] != nil else {
                throw Workshop.Failure(description: "no zygote: \(ended.last?.description ?? "")")
            }
            try take(seconds: 0.05)
        }
        // It is no attack that is waited for.
        if let output = live.removeValue(forKey: id)?.output { zygoteOutputs.append(output) }
        zygotes[profile] = (id, Int(CSB_ZYGOTE_FORKS) - 8)
        return id
    }

    /// Starts an attack; gives the id of its instance.
    func start(
        _ attack: String,
        as profile: Profile,
        victim: Int32,
        limits: Limits,
        way: Way = .started
    ) throws -> UInt64 {
        let parent = way == .forked ? try zygote(as: profile, victim: victim, limits: limits) : 0
        var near: Int32 = -1
        var far: Int32 = -1
        // SAFETY: both pointers are to locals that outlive the call.
        guard unsafe csb_pipe(1, &near, &far) == 0 else { throw Workshop.Failure(description: "no pipe") }
        defer { close(far) }
        var frames: (near: Int32, far: Int32) = (-1, -1)
        if way == .forked {
            // SAFETY: both pointers are to locals that outlive the call.
            guard unsafe csb_stream_pair(&frames.near, &frames.far) == 0 else {
                throw Workshop.Failure(description: "no sockets")
            }
            // SAFETY: as many bytes as the text has.
            _ = unsafe write(frames.near, attack, attack.utf8.count)
        }
        defer { if frames.far >= 0 { close(frames.far) } }
        let words = ["/function/attacks", way == .forked ? "--zygote" : attack, name]
        let environment =
            ["PATH=/usr/bin:/bin", "VICTIM=\(victim)", "SPAWNER=\(pid)", "NODE=\(name)"] + bait.environment
        let strings = (words + environment).flatMap { word -> [UInt8] in Array(word.utf8) + [0] }
        var request = csb_spawn_request()
        request.id = nextID
        request.zygote = parent
        request.origin =
            switch way {
            case .started, .ahead: UInt32(CSB_ORIGIN_EXEC.rawValue)
            case .forked: UInt32(CSB_ORIGIN_FORK.rawValue)
            case .zygote: UInt32(CSB_ORIGIN_ZYGOTE.rawValue)
            }
        if way == .ahead { request.ahead = UInt32(CSB_AHEAD_PROGRAM.rawValue) }
        request.profile = profile.code
        request.memory_bytes = limits.memory
        request.tmp_bytes = limits.temporary
        request.file_bytes = limits.temporary
        request.cpu_milli = 1000
        request.pids = limits.processes
        request.tmp_inodes = 1024
        request.open_files = limits.openFiles
        request.cpu_seconds = limits.cpuSeconds
        request.argc = UInt32(words.count)
        request.envc = UInt32(environment.count)
        request.strings_length = UInt32(strings.count)
        // SAFETY: the field holds 65 bytes, a digest and its end, which is zero already.
        unsafe withUnsafeMutableBytes(of: &request.bundle) { unsafe $0.copyBytes(from: Bait.own.utf8) }
        // SAFETY: the strings and descriptors outlive the call, and are as many as the request says.
        let result = unsafe strings.withUnsafeBytes { bytes in
            unsafe csb_client_spawn(
                socket,
                &request,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                [-1, far, far, way == .ahead ? far : frames.far]
            )
        }
        guard result == 0 else { throw Workshop.Failure(description: "asking for an instance: errno \(-result)") }
        nextID += 1
        live[request.id] = Live(attack: attack, output: near, started: Self.now(), frames: frames.near)
        return request.id
    }

    // MARK: - Events

    /// Takes the events that come within a time.
    private func take(seconds: Double) throws {
        guard Self.isReadable(socket, within: seconds) else { return }
        let (event, _) = try Self.receive(socket)
        for descriptor in [event.pidfd, event.cpu_fd, event.memory_fd] where descriptor >= 0 { close(descriptor) }
        switch event.kind {
        case UInt32(CSB_EVENT_SPAWNED.rawValue): live[event.id]?.pid = event.pid
        case UInt32(CSB_EVENT_PREPARED.rawValue): prepared.insert(event.id)
        case UInt32(CSB_EVENT_FAILED.rawValue):
            // SAFETY: the name is a constant of the library.
            let step = unsafe String(cString: csb_step_name(event.step))
            finish(event.id, .refused(step: step, errno: event.error))
        case UInt32(CSB_EVENT_EXITED.rawValue): finish(event.id, Self.ending(event))
        default: break
        }
    }

    private func finish(_ id: UInt64, _ ending: Attempt.Ending) {
        guard let instance = live.removeValue(forKey: id) else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        // SAFETY: at most as many bytes as the array has; all writers are gone.
        let length = unsafe read(instance.output, &bytes, bytes.count)
        close(instance.output)
        if instance.frames >= 0 { close(instance.frames) }
        let lines = String(decoding: bytes.prefix(max(0, length)), as: UTF8.self).split(separator: "\n")
        let said = lines.last { $0 != "waited" }.map(String.init) ?? ""
        let hasWaited = lines.first == "waited"
        ended.append(Attempt(attack: instance.attack, said: said, ending: ending, hasWaited: hasWaited))
    }

    private static func ending(_ event: csb_event) -> Attempt.Ending {
        switch event.verdict {
        case UInt32(CSB_VERDICT_SECCOMP.rawValue): .seccomp(event.syscall < 0 ? nil : callName(event.syscall))
        case UInt32(CSB_VERDICT_MEMORY.rawValue): .memory
        case UInt32(CSB_VERDICT_PIDS.rawValue): .processes
        case UInt32(CSB_VERDICT_CPU.rawValue): .time
        case UInt32(CSB_VERDICT_KILLED.rawValue): .stopped
        default: event.exit_signal == 0 ? .exited(event.exit_code) : .signal(event.exit_signal)
        }
    }

    private static func callName(_ number: Int32) -> String {
        var text = [CChar](repeating: 0, count: 64)
        // SAFETY: the buffer is as large as the call is told, and it ends what it writes.
        let length = unsafe csb_syscall_name(number, &text, text.count)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isReadable(_ socket: Int32, within seconds: Double) -> Bool {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        // SAFETY: the pointer is to one structure, which outlives the call.
        return unsafe poll(&waiting, 1, Int32(seconds * 1000)) > 0
    }

    private static func receive(_ socket: Int32) throws -> (event: csb_event, report: String) {
        var event = csb_event()
        // SAFETY: the event outlives the call; its report is text of `report_length` bytes within it.
        guard unsafe csb_client_receive(socket, &event) == 1 else {
            throw Workshop.Failure(description: "the spawner is gone")
        }
        let text = unsafe String(
            decoding: UnsafeRawBufferPointer(start: csb_event_report(&event), count: Int(event.report_length)),
            as: UTF8.self
        )
        return (event, text)
    }

    private static func start(_ words: [String], socket: Int32) -> Int32 {
        // SAFETY: the copies live until they are freed, after the call; the list ends with nil.
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let pid = unsafe csb_start_spawner(words[0], &arguments, socket)
        unsafe arguments.forEach { unsafe free($0) }
        return pid
    }

    private static func now() -> Double { ProcessInfo.processInfo.systemUptime }
}
