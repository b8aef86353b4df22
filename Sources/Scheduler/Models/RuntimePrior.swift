import Domain

/// What is taken for a function's times before anything is known of it.
///
/// Guesses to start from, in milliseconds on an average device: a compiled handler, an interpreted one, and a process
/// with its own start; starts are those of a static binary in a sandbox, and of a Python interpreter without and with
/// imports. A handful of calls outweighs them (``ClassTable``).
enum RuntimePrior {
    /// Natural logarithm of the milliseconds that a call runs.
    static func execution(_ runtime: RuntimeKind) -> Double {
        switch runtime {
        case .swift: Math.log(10)
        case .python3: Math.log(50)
        default: Math.log(30)
        }
    }

    /// Natural logarithm of the milliseconds that a start takes.
    static func cold(_ runtime: RuntimeKind) -> Double {
        switch runtime {
        case .swift: Math.log(3)
        case .python3: Math.log(60)
        default: Math.log(3)
        }
    }
}
