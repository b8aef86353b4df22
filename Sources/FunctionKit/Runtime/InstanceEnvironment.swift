/// What the node tells an instance by its environment.
package struct InstanceEnvironment: Sendable, Equatable {
    /// Bytes that a whole request body may have when the node says nothing.
    package static let defaultMaximumBody = 32 << 20

    /// The name of the function.
    var function: String
    /// Calls at once.
    var concurrency: Int
    /// Bytes that a body may have which is handed over whole.
    var maximumBody: Int
    /// Whether this process is to initialise and then to be forked, instead of serving calls.
    var isZygote = false
    /// Whether this process was started ahead, and has no descriptors of an instance yet.
    var isStandby = false

    /// Makes an environment; a concurrency below one becomes one.
    package init(function: String, concurrency: Int = 1, maximumBody: Int = Self.defaultMaximumBody) {
        self.function = function
        self.concurrency = max(1, concurrency)
        self.maximumBody = max(0, maximumBody)
    }

    /// Reads it from the process's environment; nil where no node started the process.
    static func current() -> InstanceEnvironment? {
        guard let function = System.environment("GODWIT_FUNCTION") else { return nil }
        var environment = InstanceEnvironment(
            function: function,
            concurrency: System.environment("GODWIT_CONCURRENCY").flatMap { Int($0) } ?? 1,
            maximumBody: System.environment("GODWIT_MAX_BODY").flatMap { Int($0) } ?? Self.defaultMaximumBody
        )
        environment.isZygote = System.environment("GODWIT_ZYGOTE") != nil
        environment.isStandby = System.takeEnvironment("GODWIT_STANDBY") != nil
        return environment
    }
}
