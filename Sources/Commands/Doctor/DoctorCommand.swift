package import ArgumentParser

/// `godwit doctor`.
package struct DoctorCommand: GodwitCommand {
    /// What `--json` writes.
    private struct Report: Encodable {
        let checks: [Check]
    }

    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this machine gives a node, and what to do about the rest.",
        discussion: "The exit code is 1 when something is missing without which no node runs."
    )

    @Option(help: ArgumentHelp("The node's data folder.", valueName: "folder")) package var data: String?
    @Option(help: "The port the node is to listen on.") package var port: UInt16 = 8080
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let sandbox = SandboxProbe.checks(executable: System.executable)
        let checks = sandbox + MachineChecks(context: context, data: data, port: port).all
        if output.json {
            context.console.line(try JSONText.of(Report(checks: checks)))
        } else {
            let width = checks.map(\.name.count).max() ?? 0
            for check in checks { check.lines(width: width).forEach(context.console.line) }
        }
        if checks.contains(where: { $0.state == .bad }) { throw CommandFailure(.error, "") }
    }
}
