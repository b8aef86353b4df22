import ArgumentParser

extension BenchCommand {
    /// Runs what the command line asks for, and ends the program.
    package static func start() { main() }
}
