/// Why a node did not start, as the command line shows it.
struct StartFailure: Error, CustomStringConvertible {
    let description: String
}
