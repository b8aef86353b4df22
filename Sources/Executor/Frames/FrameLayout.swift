/// Numbers of the wire format that only the node's side needs.
enum FrameLayout {
    /// Bytes of a frame's header.
    static let headerLength = 16
    /// Bytes that a frame's payload may have.
    static let maximumPayload = 1 << 20
    /// Body bytes of one call and direction that may be on their way before the receiver grants more.
    static let initialWindow = 262_144
    /// Bytes after which a receiver grants more.
    static let windowStep = 65_536
    /// Body bytes that the node puts into one frame.
    static let bodyChunk = 65_536
    /// The flag of a frame that ends its direction of the call.
    static let endFlag: UInt8 = 1
}
