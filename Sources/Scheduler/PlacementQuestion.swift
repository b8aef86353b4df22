package import Domain

/// A call that is to be placed.
package struct PlacementQuestion: Sendable {
    /// What is called.
    package let version: FunctionVersion
    /// The site the call arrived at.
    package let origin: Site?
    /// Bytes of the request's body as far as they are known.
    package let requestBytes: UInt64
    /// What the caller would rather have, where it says so.
    package let preference: WeightKind?
    /// Nodes that must not be picked, for example because they were tried already, and why.
    package let barred: [NodeName: String]
    /// Whether the call must run on the node that decides, for example because another one sent it here.
    package let staysLocal: Bool
    /// Now, in nanoseconds of a clock that never goes back.
    package let now: UInt64

    /// A question about a call of a version.
    package init(
        version: FunctionVersion,
        origin: Site? = nil,
        requestBytes: UInt64 = 0,
        preference: WeightKind? = nil,
        barred: [NodeName: String] = [:],
        staysLocal: Bool = false,
        now: UInt64
    ) {
        self.version = version
        self.origin = origin
        self.requestBytes = requestBytes
        self.preference = preference
        self.barred = barred
        self.staysLocal = staysLocal
        self.now = now
    }
}
