#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Domain
import GRDB

/// Execution records in the table `recordBlock`: a row for some dozens of one function, in the order they came.
struct RecordBlocks {
    let db: Database

    /// Adds records, a few rows for all of them.
    ///
    /// `pause` is called now and then in between.
    func append(_ records: [ExecutionRecord], pause: () -> Void) throws {
        var packers: [FunctionName: RecordPacker] = [:]
        for (number, record) in records.enumerated() {
            try packers[record.function, default: RecordPacker()].pack(record)
            if packers[record.function]?.isFull == true { try store(&packers[record.function], of: record.function) }
            if number.isMultiple(of: 16) { pause() }
        }
        for function in packers.keys.sorted(by: { $0.text < $1.text }) {
            try store(&packers[function], of: function)
        }
    }

    private func store(_ packer: inout RecordPacker?, of function: FunctionName) throws {
        guard let block = packer, let oldest = block.oldest, let newest = block.newest else { return }
        try db.run(
            "INSERT INTO recordBlock (function, oldest, newest, count, records) VALUES (?, ?, ?, ?, ?)",
            [function.text, oldest.text, newest.text, block.count, Data(block.bytes)]
        )
        packer?.clear()
    }

    /// The record of that id which came last, or nil.
    func record(_ id: ExecutionID) throws -> ExecutionRecord? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT records FROM recordBlock WHERE newest >= ? AND oldest <= ? ORDER BY number DESC"
            ),
            arguments: [id.text, id.text]
        )
        while let row = try rows.next() {
            var records = try PackedRecords(row.bytes("records"))
            var last: PackedRecords.Record?
            while let record = try records.next() {
                if record.id == id { last = record }
            }
            if let last { return try last.record() }
        }
        return nil
    }

    /// The records that a filter asks for, newest first.
    func records(_ filter: ExecutionFilter) throws -> [ExecutionRecord] {
        let states = filter.states.map(\.rawValue)
        var found = FoundRecords(limit: filter.limit)
        let rows = try rows(filter)
        while let row = try rows.next() {
            // All that is in this block and in those after it is older than what there is.
            if let enough = found.oldestNeeded, try ExecutionID(row.text("newest")) < enough { break }
            let number: Int64 = try row.value("number")
            var records = try PackedRecords(row.bytes("records"))
            while let record = try records.next() {
                if let before = filter.before, record.id >= before { continue }
                found.add(record, isMeant: try states.isEmpty || record.hasState(of: states), block: number)
            }
            found.settle()
        }
        return try found.newest.map { try $0.record() }
    }

    private func rows(_ filter: ExecutionFilter) throws -> RowCursor {
        var conditions = ["1"]
        var values: [(any DatabaseValueConvertible)?] = []
        if let function = filter.function {
            conditions.append("function = ?")
            values.append(function.text)
        }
        if let before = filter.before {
            conditions.append("oldest < ?")
            values.append(before.text)
        }
        let condition = conditions.joined(separator: " AND ")
        return try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT number, newest, records FROM recordBlock WHERE \(condition) ORDER BY newest DESC"
            ),
            arguments: StatementArguments(values)
        )
    }

    /// Deletes so many of the records that came first: blocks as a whole, and of the last one its oldest.
    func deleteOldest(_ excess: Int) throws {
        var left = excess
        while left > 0 {
            let sql = "SELECT number, function, count, records FROM recordBlock ORDER BY number LIMIT 1"
            guard let row = try db.row(sql) else { return }
            let number: Int64 = try row.value("number")
            let count: Int = try row.value("count")
            if count <= left {
                try db.run("DELETE FROM recordBlock WHERE number = ?", [number])
                left -= max(1, count)
                continue
            }
            try shorten(number, try row.bytes("records"), by: left)
            return
        }
    }

    /// Leaves out the oldest records of a block.
    private func shorten(_ number: Int64, _ block: [UInt8], by excess: Int) throws {
        var records = try PackedRecords(block)
        var all: [PackedRecords.Record] = []
        while let record = try records.next() { all.append(record) }
        var packer = RecordPacker(columns: records.columns)
        for record in all.sorted(by: { $0.id < $1.id }).dropFirst(excess) {
            packer.append(record.bytes, id: record.id)
        }
        guard let oldest = packer.oldest, let newest = packer.newest else {
            try db.run("DELETE FROM recordBlock WHERE number = ?", [number])
            return
        }
        try db.run(
            "UPDATE recordBlock SET oldest = ?, newest = ?, count = ?, records = ? WHERE number = ?",
            [oldest.text, newest.text, packer.count, Data(packer.bytes), number]
        )
    }
}
