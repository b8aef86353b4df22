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
            """
    )

    @Argument(help: "The function's folder.") package var folder = "."
    @Option(help: "Publish under another name than function.yaml says.", transform: Parse.text)
    package var name: FunctionName?
    @Flag(name: .shortAndLong, help: "Show what the build writes.") package var verbose = false
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let project = try FunctionProject(folder: folder, name: name)
        let entries = try project.entries(isVerbose: verbose, console: context.console)
        guard let bundle = System.temporaryFile(in: context.environment["TMPDIR"] ?? "/tmp") else {
            throw CommandFailure("no temporary file can be made: \(System.reason)")
        }
        defer { System.remove(bundle) }
        let packed = try BundleWriter().write(entries, to: bundle)
        let console = context.console
        console.progress("uploading \(Human.bytes(packed.compressedBytes))…")
        let body = RequestBody.file(path: bundle, size: packed.compressedBytes) { sent in
            Progress.show("uploading", sent, of: packed.compressedBytes, on: console)
        }
        let answer = try await NodeClient.with(node, context) { client in
            try await client.require(
                "PUT",
                "/v1/functions/\(project.spec.name)",
                headers: [("Godwit-Digest", packed.digest.text), ("Content-Type", "application/zstd")],
                body: body,
                timeout: .minutes(15)
            ).bytes()
        }
        console.progress("")
        if output.json { return console.line(String(decoding: answer, as: UTF8.self)) }
        guard let result = try? JSONText.value(PublishResult.self, from: answer) else {
            throw CommandFailure("the answer of the node is not understood; do node and command line match?")
        }
        console.line("\(result.function)@\(result.version) \(result.digest)\(result.isNew ? "" : " unchanged")")
    }
}
