import Bundles
import Domain

/// Finds out which system calls a function needs, by its own inputs on a node of its own.
struct SystemCallLearning {
    /// How often each input is sent: what a run does by chance should have had its chance.
    private static let rounds = 3

    let project: FunctionProject
    let inputs: [LearningInput]

    /// Runs the function in the sandbox that it will have, on this machine, with every call of its runtime allowed.
    ///
    /// `entries` are the files of its bundle. Throws when an input does not succeed: a function that fails half-way shows
    /// half of what it needs.
    func run(_ entries: [BundleEntry], _ context: CommandContext) async throws -> [SystemCallName] {
        let open = try project.listing(nil)
        let console = context.console
        console.progress("starting a node to learn with…")
        // It is found by its folder alone, wherever this user's other commands go.
        let environment = context.environment.filter { !$0.key.hasPrefix("GODWIT_") }
        let local = CommandContext(
            console: console,
            environment: environment,
            isRoot: context.isRoot,
            input: context.input,
            now: context.now
        )
        let node = try await LearningNode.start(for: project.spec.placement, local)
        let calls: [SystemCallName]
        do {
            try await NodeClient.with(node.options, local) { client in
                try await setSecrets(client, console: console)
                try await Publishing(project: open, entries: open.entries(with: entries)).run(client, local)
                for input in repeatElement(inputs, count: Self.rounds).joined() {
                    try await call(input, client, console: console)
                }
            }
            console.progress("ending the node…")
            calls = try await node.learned()
        } catch {
            console.progress("")
            await node.remove()
            throw error
        }
        await node.remove()
        console.progress("")
        return calls
    }

    /// Real secrets stay where they are.
    private func setSecrets(_ client: NodeClient, console: Console) async throws {
        for secret in project.spec.secrets {
            _ = try await client.require("PUT", "/v1/secrets/\(secret)", body: .bytes(Array("learning".utf8)))
            console.note("godwit: while learning, secret \(secret) is 'learning'")
        }
    }

    private func call(_ input: LearningInput, _ client: NodeClient, console: Console) async throws {
        guard let size = System.fileSize(input.path) else { throw CommandFailure("there is no file '\(input.path)'") }
        console.progress("learning from \(Paths.name(of: input.path))…")
        let answer = try await client.send(
            "POST",
            "/function/\(project.spec.name)",
            headers: [("Content-Type", input.type)],
            body: .file(path: input.path, size: size) { _ in },
            timeout: TimeSpan(microseconds: project.spec.timeout.microseconds + 90_000_000)
        )
        if answer.isSuccess {
            _ = try await answer.bytes()
            return
        }
        let reason = try await answer.failure().map { "\($0)" } ?? "it answered with status \(answer.status)"
        throw CommandFailure("learning from '\(input.path)' failed: \(reason)")
    }
}
