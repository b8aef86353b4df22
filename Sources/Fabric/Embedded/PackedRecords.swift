import Domain
import GRDB

/// The records of a block that ``RecordPacker`` made, in its order.
///
/// A damaged block ends in an error, never in a read beyond its bytes.
struct PackedRecords {
    /// One record, read as far as it is asked for.
    struct Record {
        let id: ExecutionID
        /// Its values, as they lie in the block.
        let bytes: ArraySlice<UInt8>
        fileprivate let columns: Int

        /// Whether its state is one of these, of which the rest need not be read: lists leave out most by it.
        func hasState(of states: [String]) throws -> Bool {
            var reader = Reader(rest: bytes)
            for _ in 0..<Self.stateColumn { try reader.skip() }
            guard try reader.kind() == .text else { throw Reader.damaged }
            let state = try reader.bytes(reader.length())
            return states.contains { state.elementsEqual($0.utf8) }
        }

        private static let stateColumn = ExecutionColumns.names.firstIndex(of: "state") ?? 0

        /// The whole record.
        func record() throws -> ExecutionRecord {
            var reader = Reader(rest: bytes)
            var values: [String: DatabaseValue] = [:]
            // Earlier versions had fewer columns, later ones may have more.
            for (column, name) in ExecutionColumns.names.enumerated() {
                values[name] = column < columns ? try reader.value() : .null
            }
            return try ExecutionColumns.record(of: Row(values))
        }
    }

    private var reader: Reader
    /// How many columns its records have.
    let columns: Int

    init(_ block: [UInt8]) throws {
        reader = Reader(rest: block[...])
        guard try reader.byte() == RecordPacker.format else { throw Reader.damaged }
        columns = try reader.length()
    }

    /// The next record, or nil after the last one.
    mutating func next() throws -> Record? {
        guard !reader.rest.isEmpty else { return nil }
        let bytes = try reader.bytes(reader.length())
        var values = Reader(rest: bytes)
        guard try values.kind() == .text else { throw Reader.damaged }
        let id = try ExecutionID(String(decoding: values.bytes(values.length()), as: UTF8.self))
        return Record(id: id, bytes: bytes, columns: columns)
    }

    /// Reads from the front of bytes that may be anything.
    private struct Reader {
        var rest: ArraySlice<UInt8>

        static let damaged = Invalid("records", "holds something that this version of Godwit cannot read")

        mutating func byte() throws(Invalid) -> UInt8 {
            guard let byte = rest.popFirst() else { throw Self.damaged }
            return byte
        }

        mutating func number() throws(Invalid) -> UInt64 {
            var number: UInt64 = 0
            for shift in stride(from: 0, to: 64, by: 7) {
                let next = try byte()
                number |= UInt64(next & 0x7f) << UInt64(shift)
                if next < 0x80 { return number }
            }
            throw Self.damaged
        }

        mutating func length() throws(Invalid) -> Int {
            guard let length = Int(exactly: try number()) else { throw Self.damaged }
            return length
        }

        mutating func bytes(_ count: Int) throws(Invalid) -> ArraySlice<UInt8> {
            guard count <= rest.count else { throw Self.damaged }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func kind() throws(Invalid) -> RecordPacker.Kind {
            guard let kind = RecordPacker.Kind(rawValue: try byte()) else { throw Self.damaged }
            return kind
        }

        mutating func value() throws(Invalid) -> DatabaseValue {
            switch try kind() {
            case .none: return .null
            case .integer: return Int64(bitPattern: try number()).databaseValue
            case .real: return Double(bitPattern: try number()).databaseValue
            case .text: return String(decoding: try bytes(length()), as: UTF8.self).databaseValue
            }
        }

        mutating func skip() throws(Invalid) {
            switch try kind() {
            case .none: break
            case .integer, .real: _ = try number()
            case .text: _ = try bytes(length())
            }
        }
    }
}
