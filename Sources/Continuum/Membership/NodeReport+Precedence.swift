extension NodeReport {
    /// What two reports of one node say together: the join of a semilattice.
    ///
    /// The higher incarnation wins over all. Within one incarnation the state of the higher rank holds (an accusation
    /// is not undone by an older or a newer report, only by the accused who raises its incarnation), while everything
    /// else is taken from the higher sequence, so that loads stay fresh even of a node that somebody suspects. The join
    /// is commutative, associative and idempotent, so views agree in whatever order reports arrive (SWIM, Das, Gupta
    /// and Motivala, DSN 2002, section 4.2, with loads added). Reports with one name, incarnation, sequence and address
    /// are taken to come from one node, and so to differ in their state alone.
    package func merged(with other: NodeReport) -> NodeReport {
        guard incarnation == other.incarnation else { return incarnation > other.incarnation ? self : other }
        var merged = isOlder(than: other) ? other : self
        let strongest = state.rank >= other.state.rank ? state : other.state
        if strongest.rank > 0 { merged.state = strongest }
        return merged
    }

    /// Whether what `other` tells is newer; at equal sequences a fixed order decides, the same on all nodes.
    private func isOlder(than other: NodeReport) -> Bool {
        if sequence != other.sequence { return sequence < other.sequence }
        if address != other.address { return address < other.address }
        return state.rank == 0 && other.state == .draining
    }
}
