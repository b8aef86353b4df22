package import ArgumentParser
import Bundles
package import Domain

/// `godwit deploy`.
package struct DeployCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Build a function, pack it, and publish it.",
        discussion: """
            A Swift function is built for release, fully static; its bundle is function.yaml, the executable, and the \
            folder resources where there is one. Of other functions the whole folder is packed, but for what \
            .godwitignore lists. The same files give the same bundle, and publishing it again changes nothing.

            With --learn the function first runs in its sandbox on this machine, on a node of its own that ends with it. \
            Each file in its folder inputs, or named with --input, is the body of a call. The system calls it makes are \
            written to `syscalls` in function.yaml; from then on it may make no others.
            """
    )

    @Argument(help: "The function's folder.") package var folder = "."
    @Option(help: "Publish under another name than function.yaml says.", transform: Parse.text)
    package var name: FunctionName?
    @Flag(help: "Learn which system calls the function makes, and allow it no others.") package var learn = false
    @Option(help: ArgumentHelp("With --learn: a file with the body of a call; may be repeated.", valueName: "path"))
    package var input: [String] = []
    @Flag(name: .shortAndLong, help: "Show what the build writes.") package var verbose = false
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard learn || input.isEmpty else { throw ValidationError("--input goes with --learn") }
    }

    package func execute(_ context: CommandContext) async throws {
        var project = try FunctionProject(folder: folder, name: name)
        let inputs = learn ? try LearningInput.find(named: input, in: folder) : []
        var entries = try project.entries(isVerbose: verbose, console: context.console)
        if learn {
            let calls = try await SystemCallLearning(project: project, inputs: inputs).run(entries, context)
            Self.tell(calls, before: project.spec.syscalls, inputs: inputs.count, on: context.console)
            try project.saveListing(calls)
            project = try project.listing(calls)
            entries = project.entries(with: entries)
        }
        let publishing = Publishing(project: project, entries: entries)
        let answer = try await NodeClient.with(node, context) { try await publishing.run($0, context) }
        let console = context.console
        if output.json { return console.line(String(decoding: answer, as: UTF8.self)) }
        guard let result = try? JSONText.value(PublishResult.self, from: answer) else {
            throw CommandFailure("the answer of the node is not understood; do node and command line match?")
        }
        console.line("\(result.function)@\(result.version) \(result.digest)\(result.isNew ? "" : " unchanged")")
    }

    /// What was learned, and how it differs from what was listed.
    private static func tell(
        _ calls: [SystemCallName],
        before: [SystemCallName]?,
        inputs: Int,
        on console: Console
    ) {
        let count = "\(calls.count) system call\(calls.count == 1 ? "" : "s")"
        console.note(
            "learned \(count) from \(inputs) input\(inputs == 1 ? "" : "s"); function.yaml lists them, and those every "
                + "process needs are allowed besides"
        )
        guard let before else { return }
        let new = calls.filter { !before.contains($0) }, gone = before.filter { !calls.contains($0) }
        if !new.isEmpty { console.note("  new: \(new.map(\.text).joined(separator: " "))") }
        if !gone.isEmpty { console.note("  no longer: \(gone.map(\.text).joined(separator: " "))") }
    }
}
