package import Domain

/// What a command gets from the process around it; tests give their own.
package struct CommandContext: Sendable {
    package let console: Console
    package let environment: [String: String]
    /// Whether the user is root, which decides where the data folder is.
    package let isRoot: Bool
    /// Reads standard input to its end.
    package let input: @Sendable () -> [UInt8]
    package let now: @Sendable () -> Timestamp

    package init(
        console: Console,
        environment: [String: String],
        isRoot: Bool,
        input: @escaping @Sendable () -> [UInt8],
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.console = console
        self.environment = environment
        self.isRoot = isRoot
        self.input = input
        self.now = now
    }

    /// The context of this process.
    package static var process: CommandContext {
        CommandContext(
            console: Console(),
            environment: System.environment,
            isRoot: System.isRoot,
            input: { System.readAll(0) },
            now: { System.now }
        )
    }
}
