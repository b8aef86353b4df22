package import Domain

/// How much the embedded journal may hold.
package struct JournalLimits: Sendable, Equatable {
    /// Most bytes that its file may have.
    package let maximumBytes: ByteSize
    /// What must be left free, on the disk and in the file, for a new call to be accepted.
    ///
    /// It is the room in which calls that were accepted before can still end. In the file it is at most a quarter of
    /// ``maximumBytes``; on the disk it is at least 16 MiB, which the write-ahead log needs.
    package let reserve: ByteSize
    /// Most calls that may wait to be written; more are refused as ``JournalError/full``.
    package let waitingCalls: Int
    /// Most bytes of calls that may wait to be written.
    package let waitingBytes: ByteSize

    package init(
        maximumBytes: ByteSize = .gibibytes(4),
        reserve: ByteSize = .mebibytes(64),
        waitingCalls: Int = 4096,
        waitingBytes: ByteSize = .mebibytes(64)
    ) {
        self.maximumBytes = maximumBytes
        self.reserve = reserve
        self.waitingCalls = waitingCalls
        self.waitingBytes = waitingBytes
    }
}
