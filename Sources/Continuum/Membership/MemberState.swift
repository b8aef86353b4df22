/// How a node stands in the continuum.
///
/// A node says of itself that it is `alive`, `draining` or `left`; others say that it is `suspect` or `dead`, and an
/// operator that it is `removed`. Within one incarnation a higher ``rank`` wins; a higher incarnation wins over all.
package enum MemberState: String, Hashable, Sendable, Codable, CaseIterable {
    /// It takes calls. Legal next: every other state.
    case alive
    /// It finishes what it has and takes no new calls. Legal next: every other state.
    case draining
    /// It failed to answer. Legal next: `dead`, `left`, `removed`; `alive` and `draining` with a higher incarnation.
    case suspect
    /// It has not answered for long. Legal next: `left`, `removed`; the others with a higher incarnation.
    case dead
    /// It said goodbye. Legal next: `removed`; the others with a higher incarnation.
    case left
    /// An operator removed it. Legal next: any with a higher incarnation, which it has once it joined anew.
    case removed

    /// What wins within one incarnation: `removed` 4, `left` 3, `dead` 2, `suspect` 1, `draining` and `alive` 0.
    ///
    /// Of the two with rank 0 the one with the higher sequence holds: a node may drain and come back.
    package var rank: Int {
        switch self {
        case .alive, .draining: 0
        case .suspect: 1
        case .dead: 2
        case .left: 3
        case .removed: 4
        }
    }

    /// Whether a node in this state is expected to answer no more.
    package var isGone: Bool { rank >= MemberState.dead.rank }
}
