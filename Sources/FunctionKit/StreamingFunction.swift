/// A function that reads its request and writes its response piece by piece.
///
/// ```swift
/// import FunctionKit
///
/// @main struct Uppercase: StreamingFunction {
///     func handle(_ request: Request, _ body: BodyReader, _ answer: ResponseWriter, _ context: Context) throws {
///         try answer.start(headers: ["Content-Type": "text/plain"])
///         while let bytes = try body.next() {
///             try answer.write(bytes.map { (97...122).contains($0) ? $0 - 32 : $0 })
///         }
///     }
/// }
/// ```
///
/// Reading waits until something is there; writing waits until the caller has taken enough of what was written, so that
/// neither side needs memory for the whole. The response is complete when `handle` returns.
public protocol StreamingFunction: Sendable {
    /// Makes the function, once for the life of the process.
    init()

    /// Prepares what all calls share; the first call waits for it. Does nothing by default.
    mutating func initialise() throws

    /// Answers one call. `request.body` is empty; read `body` instead.
    func handle(_ request: Request, _ body: BodyReader, _ answer: ResponseWriter, _ context: Context) throws
}

extension StreamingFunction {
    /// Does nothing.
    public mutating func initialise() throws { Initialisation.noteDefault() }

    /// Runs the function until the node is done with it.
    public static func main() {
        Launcher.run { socket, environment in try Launcher.serve(streaming: Self.self, on: socket, in: environment) }
    }
}
