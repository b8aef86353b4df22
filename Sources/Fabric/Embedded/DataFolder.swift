/// The folder in which a node keeps everything that must outlive it, and the right to use it alone.
///
/// The lock is the kernel's (`flock`), so it goes with the process that holds it, however that ends; the number in the
/// lock file is only for the error that the second process gets.
final class DataFolder: Sendable {
    let path: String
    private let lock: DataFolderLock

    /// Opens a folder for this process alone; creates it (mode 0700) when it is not there.
    ///
    /// A folder that other users may enter is closed to them when it is empty or ours, and refused when it holds
    /// other things: those may be someone's on purpose.
    init(_ path: String) throws(StoreError) {
        self.path = path
        try Self.prepare(path)
        self.lock = try DataFolderLock(folder: path)
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Lets another process use the folder.
    func release() { lock.release() }

    private static func prepare(_ path: String) throws(StoreError) {
        try makeParents(of: path)
        if try System.makeFolder(path, mode: 0o700) { return }
        let mode = try System.folderMode(path)
        guard mode & 0o077 != 0 else { return }
        if !System.exists("\(path)/\(DataFolderLock.fileName)") {
            guard try System.isEmpty(folder: path) else { throw .exposed(folder: path, mode: mode) }
        }
        try System.setMode(path, 0o700)
    }

    private static func makeParents(of path: String) throws(StoreError) {
        let parts = path.split(separator: "/").dropLast()
        var parent = path.hasPrefix("/") ? "" : "."
        for part in parts {
            parent += "/\(part)"
            if !System.exists(parent) { _ = try System.makeFolder(parent, mode: 0o755) }
        }
    }
}
