/// One entry of an archive as it describes itself, nothing of it believed yet.
struct ArchiveItem {
    /// What kind of entry it claims to be.
    enum Kind: Equatable {
        case file
        case folder
        case link(target: [UInt8])
        case hardLink
        /// A device, a fifo, a socket or anything else that a bundle may not hold.
        case other
    }

    let path: [UInt8]
    let kind: Kind
    let size: UInt64
    let isExecutable: Bool
}
