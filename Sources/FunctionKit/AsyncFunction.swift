/// A function whose handler is `async`.
///
/// ```swift
/// import FunctionKit
///
/// @main struct Wait: AsyncFunction {
///     func handle(_ request: Request, _ context: Context) async throws -> Response {
///         try await Task.sleep(for: .milliseconds(10))
///         return .text("waited")
///     }
/// }
/// ```
///
/// With `concurrency: 1`, calls come one after another and their tasks prefer the main thread, so that the process needs
/// no other. With more, each call is a task on Swift's pool of threads. A cancelled call cancels its task.
public protocol AsyncFunction: Sendable {
    /// Makes the function, once for the life of the process.
    init()

    /// Prepares what all calls share; the first call waits for it. Does nothing by default.
    mutating func initialise() async throws

    /// Answers one call. What it throws becomes the call's failure: see `FunctionError`.
    func handle(_ request: Request, _ context: Context) async throws -> Response
}

extension AsyncFunction {
    /// Does nothing.
    public mutating func initialise() async throws { Initialisation.noteDefault() }

    /// Runs the function until the node is done with it.
    public static func main() {
        Launcher.run { socket, environment in try Launcher.serve(async: Self.self, on: socket, in: environment) }
    }
}
