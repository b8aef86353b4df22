import Domain

/// Packs execution records into the block of a row, one behind the other.
///
/// A busy node writes tens of thousands of records a second, and a row with thirty columns and two indexes for each was an
/// eighth of all that a call costs. A block starts with its format and the number of columns of its records. A record is
/// its length and its values in the order of ``ExecutionColumns/names``, a value one byte for its kind and then its
/// bytes. Whole numbers are in LEB128: seven bits a byte, the lowest first.
struct RecordPacker: ColumnSink {
    /// The kinds of values; they are stored, so none is ever changed.
    enum Kind: UInt8 {
        case none = 0
        case integer = 1
        case real = 2
        case text = 3
    }

    /// Changed when blocks are read differently.
    static let format: UInt8 = 1
    /// Records of a block: enough to make its row cheap, and few enough to read through for one of them.
    private static let capacity = 64
    /// Bytes from which on a block is full; a record with many log lines is long.
    private static let byteCapacity = 32_768

    /// How many columns its records have; those of an earlier version that are packed anew have fewer than new ones.
    private let columns: Int
    /// The block as far as it is filled.
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private(set) var oldest: ExecutionID?
    private(set) var newest: ExecutionID?
    /// The values of the record that is being packed.
    private var record: [UInt8] = []

    init(columns: Int = ExecutionColumns.names.count) { self.columns = columns }

    var isFull: Bool { count >= Self.capacity || bytes.count >= Self.byteCapacity }

    /// Packs a record.
    mutating func pack(_ record: ExecutionRecord) throws {
        self.record.removeAll(keepingCapacity: true)
        try ExecutionColumns.add(record, to: &self)
        append(self.record[...], id: record.id)
    }

    /// Appends a record that is packed already.
    mutating func append(_ record: ArraySlice<UInt8>, id: ExecutionID) {
        if bytes.isEmpty {
            bytes.append(Self.format)
            Self.append(UInt64(columns), to: &bytes)
        }
        Self.append(UInt64(record.count), to: &bytes)
        bytes.append(contentsOf: record)
        count += 1
        oldest = min(oldest ?? id, id)
        newest = max(newest ?? id, id)
    }

    /// Begins the next block.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        (count, oldest, newest) = (0, nil, nil)
    }

    // MARK: - Values of a record

    mutating func add(_ integer: Int64?) {
        guard let integer else { return add(Kind.none) }
        add(Kind.integer)
        Self.append(UInt64(bitPattern: integer), to: &record)
    }

    mutating func add(_ real: Double) {
        add(Kind.real)
        Self.append(real.bitPattern, to: &record)
    }

    mutating func add(_ text: String?) {
        guard let text else { return add(Kind.none) }
        add(Kind.text)
        Self.append(UInt64(text.utf8.count), to: &record)
        record.append(contentsOf: text.utf8)
    }

    mutating func add(outside text: String?) { add(text) }

    private mutating func add(_ kind: Kind) { record.append(kind.rawValue) }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
