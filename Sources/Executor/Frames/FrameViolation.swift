/// What was wrong with bytes that an instance sent; it is ended for it.
struct FrameViolation: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
