/// What a single request adds to the predictions, in every lane.
struct RequestFigures: Sendable {
    /// Bytes that go back and forth: the request's, and what a response usually has.
    let bytes: Lanes
    /// What times are multiplied with for its size.
    let sizeFactor: Lanes

    init(bytes: Double, sizeFactor: Double) {
        self.bytes = Lanes(repeating: Ceiling.held(bytes, 1e15))
        self.sizeFactor = Lanes(repeating: Ceiling.held(sizeFactor))
    }
}
