package import ArgumentParser
package import Domain

/// `godwit new`.
package struct NewCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a function: a folder with everything to deploy it."
    )

    @Argument(help: "Its name.", transform: Parse.text) package var name: FunctionName
    @Option(help: "What it is written in: swift, python3 or exec.") package var runtime = RuntimeKind.swift
    @Option(help: ArgumentHelp("The folder to make; the name, if nothing is said.", valueName: "folder"))
    package var path: String?
    @Option(help: ArgumentHelp("Where a Swift function finds the godwit package.", valueName: "path or URL"))
    package var godwit: String?

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let folder = path ?? name.text
        let package =
            runtime == .swift ? try GodwitPackage.dependency(named: godwit, executable: System.executable) : nil
        let files = Template.files(for: runtime, name: name, package: package ?? "")
        try Scaffold(folder: folder).write(files)
        context.console.line("Made \(folder)/ with \(files.map(\.path).sorted().joined(separator: ", ")).")
        context.console.line("Next: godwit deploy \(folder) && godwit invoke \(name)")
    }
}
