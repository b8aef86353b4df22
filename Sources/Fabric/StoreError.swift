/// Why the data folder could not be opened or used: which file, what is wrong, and what to do about it.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// Another process has the folder open; its process id, where the lock file tells.
    case inUse(folder: String, process: Int?)
    /// The folder holds other things and can be read by other users.
    case exposed(folder: String, mode: UInt32)
    /// The file was written by a newer Godwit.
    case newerSchema(path: String)
    /// The file is damaged.
    case damaged(path: String, reason: String)
    /// A system call failed with that errno.
    case system(path: String, call: String, errno: Int32)
    /// SQLite refused for another reason.
    case failed(path: String, reason: String)
    /// The store was closed before.
    case closed(path: String)

    package var description: String {
        switch self {
        case .inUse(let folder, let process):
            "\(folder) is in use by another godwit\(process.map { " (process \($0))" } ?? ""); stop it first"
        case .exposed(let folder, let mode):
            "\(folder) is open to other users (mode \(String(mode, radix: 8))); run chmod 700 on it, or choose an "
                + "empty folder"
        case .newerSchema(let path):
            "\(path) was written by a newer version of Godwit; use that version, or choose another folder"
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)); restore it from a backup, or move it away to start without it"
        case .system(let path, let call, let errno):
            "\(path): \(call) failed: \(System.text(ofErrno: errno)) (errno \(errno))"
        case .failed(let path, let reason): "\(path) cannot be opened: \(reason)"
        case .closed(let path): "\(path) is closed"
        }
    }
}
