/// What was wrong with bytes that an instance sent; it is ended for it.
package struct FrameViolation: Error, Equatable, CustomStringConvertible {
    /// One sentence without a full stop.
    package let description: String

    init(_ description: String) { self.description = description }
}
