/// How a bundle is run.
package enum RuntimeKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// An executable built with FunctionKit, fully static; calls reach it as frames on a socket.
    case swift
    /// A Python module with a handler; the node's harness speaks the frames for it.
    case python3
    /// Any executable: one process a call, the request on standard input, the response on standard output.
    case exec

    /// Whether an instance may serve call after call.
    package var isReusable: Bool { self != .exec }
}
