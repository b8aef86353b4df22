extension Decision {
    /// Whether the policy that only watches would have chosen another node.
    package var shadowDisagrees: Bool { shadow != nil && shadowSlot != chosenRow.map { Int(rows[$0].slot) } }
}
