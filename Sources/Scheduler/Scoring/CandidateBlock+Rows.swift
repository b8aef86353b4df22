extension CandidateBlock {
    /// Four rows of a record, from number `start` on, side by side; those missing at the end are all zero.
    init(_ rows: [CandidateRow], from start: Int) {
        self.init()
        for (lane, row) in rows.dropFirst(start).prefix(4).enumerated() {
            roundTrip[lane] = row.roundTrip
            transfer[lane] = row.transfer
            wait[lane] = row.wait
            cold[lane] = row.cold
            execution[lane] = row.execution
            tailFactor[lane] = row.tailFactor
            failure[lane] = row.failure
            joules[lane] = row.joules
            cost[lane] = row.cost
            grams[lane] = row.grams
        }
    }

    /// One lane as a row of a record.
    func row(_ lane: Int, slot: Int, _ node: NodeBlock, _ function: FunctionBlock) -> CandidateRow {
        CandidateRow(
            slot: Int32(slot),
            roundTrip: roundTrip[lane],
            transfer: transfer[lane],
            wait: wait[lane],
            contention: node.contention[lane],
            cold: cold[lane],
            coldProbability: function.coldProbability[lane],
            execution: execution[lane],
            tailFactor: tailFactor[lane],
            failure: failure[lane],
            joules: joules[lane],
            cost: cost[lane],
            grams: grams[lane],
            observations: function.observations[lane],
            spare: function.spare[lane]
        )
    }
}
