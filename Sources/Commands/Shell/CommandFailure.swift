package import Domain

/// The end of a command that did not do what it should: the exit code and what to tell the user.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// The exit codes of `godwit`, as its help documents them.
    package enum Status: Int32, Sendable {
        case error = 1
        case functionFailed = 2
        case unreachable = 3
        case usage = 64
    }

    package let status: Status
    /// What went wrong and what to do about it; empty when all has been said.
    package let message: String

    package init(_ message: String) { self.init(.error, message) }

    package init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// A problem that the node reported.
    package init(_ problem: Problem, isFunctions: Bool) {
        var lines = ["\(problem.title): \(problem.detail)"]
        if let call = problem.callId { lines.append("call \(call)") }
        if let logs = problem.logs, !logs.isEmpty { lines += ["its last lines:"] + logs.map { "  \($0)" } }
        switch problem.status {
        case 401: lines.append("give a token with --token or GODWIT_TOKEN")
        case 403: lines.append("the token does not allow this; `godwit tokens create` makes another")
        default: break
        }
        self.init(isFunctions ? .functionFailed : .error, lines.joined(separator: "\n"))
    }

    package var description: String { message }
}
