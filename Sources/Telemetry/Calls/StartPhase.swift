/// A part of starting an instance: the label `phase`.
package enum StartPhase: Int, LabelValue {
    /// Making the process, and telling of it.
    case spawn
    /// From its beginning to its exec: its sandbox.
    case exec
    /// From its first instruction until the function is ready, but for what the function itself does.
    case runtime
    /// What the function itself does: `initialise()`, or Python's imports.
    case function
    /// From ready to the end of its first answer.
    case firstAnswer

    package var text: String {
        switch self {
        case .spawn: "spawn"
        case .exec: "exec"
        case .runtime: "runtime"
        case .function: "function"
        case .firstAnswer: "first_answer"
        }
    }
}
