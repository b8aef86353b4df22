package import Domain

/// A node as another node sees it.
package struct Member: Sendable {
    /// What was last reported of it.
    package let report: NodeReport
    /// How it stands as seen here; ``NodeReport/state`` of the report is what is said of it.
    package let state: MemberState
    /// Whether calls may be sent there.
    package let isUsable: Bool
    /// Why not, for example `suspect: no answer for 1.2 s`; empty where it is usable.
    package let reason: String
    /// When it last answered or sent gossip itself, in monotonic nanoseconds; nil before, and for the local node.
    package let lastHeard: UInt64?
    /// The freshest load: that of the report, or of an answer to a call since.
    package let load: NodeLoad
    /// The way there.
    package let link: LinkMeter

    /// Its name.
    package var name: NodeName { report.name }
}
