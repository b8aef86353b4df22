import Crypto
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Domain
import Synchronization

/// The key of a node's secrets: 256 random bits in a file of their own, mode 0600.
///
/// It is made when the first secret is set. The databases can be copied or backed up without it, and then hold no
/// secret; whoever can read the file can read the secrets.
final class SecretKey: Sendable {
    private static let bytes = 32
    /// Binds a ciphertext to its purpose and name, so that nobody can move it to another name.
    private static let context = "godwit secret 1: "

    private let folder: DataFolder
    private let key: Mutex<SymmetricKey?>

    private var path: String { folder.file("secrets.key") }

    /// Reads the key, where there is one.
    init(folder: DataFolder) throws(StoreError) {
        self.folder = folder
        self.key = Mutex(nil)
        guard System.exists(path) else { return }
        try System.makePrivate(path)
        let content = try System.File(path, .privateFile).read(upTo: Self.bytes + 1)
        guard content.count == Self.bytes else {
            throw .damaged(path: path, reason: "a key has \(Self.bytes) bytes")
        }
        key.withLock { $0 = SymmetricKey(data: content) }
    }

    /// Encrypts a value.
    ///
    /// `mayCreate` says that nothing was encrypted before, so that a new key may be made.
    func seal(_ value: [UInt8], as name: SecretName, mayCreate: Bool) throws -> Data {
        let box = try AES.GCM.seal(value, using: key(mayCreate: mayCreate), authenticating: Self.binding(name))
        guard let sealed = box.combined else { preconditionFailure("a nonce of 96 bits has a combined form") }
        return sealed
    }

    /// Decrypts what was sealed under that name.
    func open(_ sealed: Data, as name: SecretName) throws -> [UInt8] {
        let key = try key(mayCreate: false)
        do {
            let value = try AES.GCM.open(.init(combined: sealed), using: key, authenticating: Self.binding(name))
            return Array(value)
        } catch {
            throw SecretError.undecipherable(name)
        }
    }

    private static func binding(_ name: SecretName) -> Data { Data("\(context)\(name.text)".utf8) }

    private func key(mayCreate: Bool) throws -> SymmetricKey {
        try key.withLock { key in
            if let key { return key }
            guard mayCreate else { throw SecretError.keyMissing(path: path) }
            let new = SymmetricKey(size: .bits256)
            try store(new)
            key = new
            return new
        }
    }

    /// Puts the key on disk, whole or not at all, before anything is encrypted with it.
    private func store(_ key: SymmetricKey) throws(StoreError) {
        let draft = path + ".new"
        System.remove(draft)
        let file = try System.File(draft, .newPrivateFile)
        // SAFETY: the key's bytes are copied within the closure.
        try file.replaceContent(unsafe key.withUnsafeBytes { unsafe Array($0) })
        try file.synchronise()
        try System.move(draft, to: path)
        try System.File(folder.path, .folder).synchronise()
    }
}
