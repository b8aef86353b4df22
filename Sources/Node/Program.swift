import ArgumentParser
import Dispatch

/// The program `godwit`.
///
/// It is synchronous so that a node can give up root while it still has one thread; everything else runs as a task.
package enum Program {
    /// Does what the command line says; the process ends with it.
    package static func run() {
        do {
            if let up = try Godwit.parseAsRoot() as? UpCommand {
                Machine.prepare()
                let groundwork = try up.prepare()
                run { try await UpCommand.run(groundwork) }
            } else {
                run { await Godwit.main() }
            }
        } catch {
            Godwit.exit(withError: error)
        }
    }

    /// Runs a task to its end, and the process with it.
    ///
    /// The task's owner is the process.
    private static func run(_ body: @escaping @Sendable () async throws -> Void) -> Never {
        Task.detached {
            do {
                try await body()
            } catch {
                Godwit.exit(withError: error)
            }
            Godwit.exit()
        }
        dispatchMain()
    }
}
