/// A part of starting an instance: the label `phase`.
package enum StartPhase: Int, LabelValue {
    /// Making the sandboxed process.
    case spawn
    /// From its first instruction until the function is ready.
    case runtime
    /// From ready to the end of its first answer.
    case firstAnswer

    package var text: String {
        switch self {
        case .spawn: "spawn"
        case .runtime: "runtime"
        case .firstAnswer: "first_answer"
        }
    }
}
