import Synchronization

/// The exclusive lock of a data folder, held until it is released or its last owner goes.
final class DataFolderLock: Sendable {
    static let fileName = "lock"

    private let file: Mutex<System.File?>

    /// Takes the lock; throws ``StoreError/inUse(folder:process:)`` when another process, or another store of this
    /// one, has it.
    init(folder: String) throws(StoreError) {
        let path = "\(folder)/\(Self.fileName)"
        let file = try System.File(path, .privateFile)
        try System.makePrivate(path)
        guard try file.lock() else {
            let note = String(decoding: (try? file.read(upTo: 20)) ?? [], as: UTF8.self)
            throw .inUse(folder: folder, process: Int(note))
        }
        try file.replaceContent(Array("\(System.processID)".utf8))
        self.file = Mutex(file)
    }

    func release() { file.withLock { $0 = nil } }
}
