import Domain

/// What a list has found so far: of each id the record that came last, and of those that are meant the newest.
struct FoundRecords {
    private let limit: Int
    /// The block that the last record of an id is in, by its number; and that record, where it is meant.
    private var blocks: [ExecutionID: Int64] = [:]
    private var meant: [ExecutionID: PackedRecords.Record] = [:]
    /// The id that is the last of the list as it is; nil while it is not full.
    private(set) var oldestNeeded: ExecutionID?

    init(limit: Int) { self.limit = limit }

    /// Takes a record of the block with that number.
    mutating func add(_ record: PackedRecords.Record, isMeant: Bool, block: Int64) {
        if let known = blocks[record.id], known > block { return }
        blocks[record.id] = block
        if isMeant {
            meant[record.id] = record
        } else if !meant.isEmpty {
            meant[record.id] = nil
        }
    }

    /// Sees how far the list goes, after each block: a record in it may have made an earlier one void.
    mutating func settle() {
        oldestNeeded = meant.count >= limit ? meant.keys.sorted(by: >)[limit - 1] : nil
    }

    /// The list, newest first.
    var newest: [PackedRecords.Record] { Array(meant.values.sorted { $0.id > $1.id }.prefix(limit)) }
}
