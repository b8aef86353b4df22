/// A function that takes a whole request and gives a whole response.
///
/// ```swift
/// import FunctionKit
///
/// @main struct Greet: Function {
///     func handle(_ request: Request, _ context: Context) throws -> Response { .text("Hello, \(request.text)") }
/// }
/// ```
///
/// The program is started once and then called many times. Calls come one after another on the main thread, unless
/// `concurrency` in `function.yaml` is more than 1: then as many come at once, each on a thread of its own.
///
/// Started by hand, the program answers one request from standard input; `--help` tells more.
public protocol Function: Sendable {
    /// Makes the function, once for the life of the process.
    init()

    /// Prepares what all calls share, such as a model; the first call waits for it. Does nothing by default.
    ///
    /// What it throws ends the process, and the calls that wait for it fail. Further instances may be forked from a process
    /// that has run it: what it makes is then the same in all of them.
    mutating func initialise() throws

    /// Answers one call. What it throws becomes the call's failure: see `FunctionError`.
    func handle(_ request: Request, _ context: Context) throws -> Response
}

extension Function {
    /// Does nothing.
    public mutating func initialise() throws { Initialisation.noteDefault() }

    /// Runs the function until the node is done with it.
    public static func main() {
        Launcher.run { socket, environment in try Launcher.serve(buffered: Self.self, on: socket, in: environment) }
    }
}
