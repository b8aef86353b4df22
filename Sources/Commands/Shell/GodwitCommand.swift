package import ArgumentParser
import Bundles
import Domain

/// A subcommand: its work gets a context, and its errors become messages and exit codes in one place.
package protocol GodwitCommand: AsyncParsableCommand {
    func execute(_ context: CommandContext) async throws
}

extension GodwitCommand {
    /// Runs the command within this process.
    package func run() async throws {
        let code = try await finish(.process)
        if code != 0 { throw ExitCode(code) }
    }

    /// Runs the command, tells what failed, and gives the exit code.
    ///
    /// Errors of the argument parser are passed on.
    package func finish(_ context: CommandContext) async throws -> Int32 {
        do {
            try await execute(context)
            return 0
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { context.console.note("godwit: \(failure.message)") }
            return failure.status.rawValue
        } catch let error as BundleError {
            context.console.note("godwit: \(error)")
            return CommandFailure.Status.error.rawValue
        } catch let error as Invalid {
            context.console.note("godwit: \(error)")
            return CommandFailure.Status.usage.rawValue
        }
    }
}
