/// What a run was asked for.
struct Settings: Hashable, Sendable {
    /// Rounds of every case.
    let rounds: Int
    /// Seconds of load for every subject in a round.
    let seconds: Int
    /// The folder `Benchmarks`.
    let benchmarks: String
    /// The program to measure.
    let godwit: String
}
