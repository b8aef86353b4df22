import ArgumentParser
import Domain

/// A node of its own, on this machine and only for a moment, that notes which system calls functions make.
struct LearningNode {
    private static let startLimit = TimeSpan.seconds(30)
    private static let stopLimit = TimeSpan.seconds(20)

    let options: NodeOptions
    private let folder: String
    private let data: String
    private let process: Int32

    /// Starts it as a node that functions with these constraints may run on, and waits until it is there.
    static func start(for placement: PlacementConstraints, _ context: CommandContext) async throws -> LearningNode {
        guard let program = System.executable,
            let folder = System.temporaryFolder(in: context.environment["TMPDIR"] ?? "/tmp")
        else { throw CommandFailure("no folder for a node to learn with can be made: \(System.reason)") }
        let data = Paths.join(folder, "node")
        var arguments = [
            program, "up", "--data", data, "--listen", "127.0.0.1:0", "--learn", Paths.join(data, "learned"),
            "--name", "learn-\(Paths.name(of: folder).lowercased().filter { $0.isLetter || $0.isNumber })",
            "--drain", "5s",
        ]
        if let tier = placement.tiers.first { arguments += ["--tier", tier.text] }
        if let site = placement.sites.first { arguments += ["--site", site.text] }
        guard let process = System.start(arguments, output: Paths.join(folder, "log")) else {
            throw CommandFailure("the node to learn with cannot be started: \(System.reason)")
        }
        var options = try NodeOptions.parse([])
        options.data = data
        let node = LearningNode(options: options, folder: folder, data: data, process: process)
        do {
            try await node.awaitReady()
        } catch {
            await node.remove()
            throw error
        }
        return node
    }

    private func awaitReady() async throws {
        let file = Paths.join(data, ClientAccess.fileName)
        for _ in 0..<(Self.startLimit.microseconds / 50_000) {
            if System.fileSize(file) != nil { return }
            guard !System.hasEnded(process) else {
                throw CommandFailure("the node to learn with did not start:\n\(lastWords)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandFailure("the node to learn with was not ready within \(Self.startLimit):\n\(lastWords)")
    }

    /// Ends it, and gives the system calls it has seen.
    func learned() async throws -> [SystemCallName] {
        guard await hasStopped(byForce: false),
            let file = System.open(Paths.join(data, "learned"))
        else { throw CommandFailure("the node to learn with did not tell what it saw:\n\(lastWords)") }
        defer { System.close(file) }
        return try String(decoding: System.readAll(file), as: UTF8.self).split(separator: "\n")
            .map { try SystemCallName(String($0)) }
    }

    /// Ends it if it still runs, and removes what it left.
    func remove() async {
        if await !hasStopped(byForce: false) { _ = await hasStopped(byForce: true) }
        _ = System.run(["rm", "-rf", "--", folder])
    }

    private func hasStopped(byForce: Bool) async -> Bool {
        // Once it has been waited for, its number may be another process's.
        if System.hasEnded(process) { return true }
        System.terminate(process, byForce: byForce)
        for _ in 0..<(Self.stopLimit.microseconds / 20_000) {
            if System.hasEnded(process) { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    private var lastWords: String {
        guard let log = System.open(Paths.join(folder, "log")) else { return "" }
        defer { System.close(log) }
        return String(decoding: System.readAll(log), as: UTF8.self).split(separator: "\n").suffix(10)
            .joined(separator: "\n")
    }
}
