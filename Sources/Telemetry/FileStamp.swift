/// What a file's content cannot change without (but for writers that set the clock back): time, size and number.
struct FileStamp: Hashable {
    /// When its content was changed last, in nanoseconds since 1970-01-01T00:00:00Z.
    let modified: Int64
    /// In bytes.
    let size: Int64
    /// The number of its inode: another one when a new file took the name.
    let number: UInt64
}
