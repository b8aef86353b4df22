/// What the file system says of a file.
struct FileStatus {
    /// What kind of file it is.
    enum Kind {
        case file
        case folder
        case link
        case other
    }

    let kind: Kind
    let size: UInt64
    let isExecutable: Bool
}
