import Domain

/// How many bytes of new calls the journal can take without risking that those it has cannot end.
///
/// A call is written twice: first to the write-ahead log, later to the database. What the database has still to grow by
/// is promised; what the log occupies is used again and so counts as free.
package struct JournalRoom: Sendable, Equatable {
    /// What is kept free on the disk whatever the limits say: less would not hold the log, and with a log that can
    /// neither grow nor be moved into the database nothing can end any more.
    private static let leastReserveOnDisk = 16 << 20

    /// Bytes of the database as its commits see it.
    package var databaseBytes: Int
    /// Bytes of that which hold nothing and are used again.
    package var reusableBytes: Int
    /// Bytes of the database's file; less than ``databaseBytes`` while the log holds the rest.
    package var fileBytes: Int
    /// Bytes of the log's file.
    package var logBytes: Int
    /// Bytes free on the disk; nil when it does not say.
    package var diskBytes: Int?

    package init(databaseBytes: Int, reusableBytes: Int, fileBytes: Int, logBytes: Int, diskBytes: Int?) {
        self.databaseBytes = databaseBytes
        self.reusableBytes = reusableBytes
        self.fileBytes = fileBytes
        self.logBytes = logBytes
        self.diskBytes = diskBytes
    }

    /// The bytes that new calls may take.
    ///
    /// Growing needs the whole reserve to stay free. Using room of the file again needs only the log, so half of it is
    /// enough: otherwise a journal that has filled its disk would refuse calls even after all it had were forgotten.
    package func bytes(within limits: JournalLimits) -> Int {
        let reserve = Int(clamping: limits.reserve.bytes)
        let maximum = Int(clamping: limits.maximumBytes.bytes)
        let inFile = maximum - min(reserve, maximum / 4) - (databaseBytes - reusableBytes)
        guard let diskBytes else { return inFile }
        let reserveOnDisk = max(reserve, Self.leastReserveOnDisk)
        let available = diskBytes + logBytes - max(0, databaseBytes - fileBytes)
        let growth = max(0, (available - reserveOnDisk) / 2)
        return min(inFile, available < reserveOnDisk / 2 ? 0 : growth + reusableBytes)
    }
}
