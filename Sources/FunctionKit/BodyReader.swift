/// The body of a request, piece by piece.
public struct BodyReader: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    /// The next piece, or nil at the end; waits until there is one.
    ///
    /// - Throws: `FunctionError.cancelled` when nobody waits for the call any more.
    public func next() throws -> [UInt8]? { try call.nextChunk() }
}
