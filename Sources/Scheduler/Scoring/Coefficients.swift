/// What a candidate's terms are multiplied with, in the precision that scores are computed in, in every lane.
///
/// Lanes rather than numbers, because the compiler would otherwise pair numbers that lie side by side, and take the lanes
/// of the candidates apart for them.
struct Coefficients: Sendable {
    let latency: Lanes
    let energy: Lanes
    let cost: Lanes
    let carbon: Lanes
    let penalty: Lanes
    /// Milliseconds of the objective; infinite where there is none.
    let objective: Lanes
}
