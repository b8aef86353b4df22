import ArgumentParser

/// `godwit completions`.
struct CompletionsCommand: ParsableCommand {
    /// The shells whose scripts can be written.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish
    }

    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Write the script that completes godwit's commands in a shell.",
        discussion: """
            bash: godwit completions bash > ~/.local/share/bash-completion/completions/godwit
            zsh:  godwit completions zsh > a folder of $fpath, as _godwit
            fish: godwit completions fish > ~/.config/fish/completions/godwit.fish
            """
    )

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws {
        let known: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        print(Godwit.completionScript(for: known))
    }
}
