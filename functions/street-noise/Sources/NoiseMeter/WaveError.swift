/// Why bytes are not a recording that can be measured.
public struct WaveError: Error, Equatable, CustomStringConvertible {
    /// One sentence for the caller.
    public let description: String

    init(_ description: String) { self.description = description }
}
