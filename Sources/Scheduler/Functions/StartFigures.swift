/// Probabilities that a call needs a start, as a function's columns hold them.
struct StartFigures: Hashable, Sendable {
    /// Where a warm instance is reported.
    var warm: Float
    /// Where none is.
    var none: Float

    /// Whether they differ by enough to be written.
    func isMoved(from other: StartFigures) -> Bool {
        (warm - other.warm).magnitude > 0.02 || (none - other.none).magnitude > 0.02
    }
}
