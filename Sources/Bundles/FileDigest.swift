import Crypto
import Domain

/// The SHA-256 of a file.
enum FileDigest {
    private static let chunk = 1 << 20

    /// Reads an open file from its beginning; refuses one of more than `limit` bytes.
    static func of(
        _ file: borrowing Descriptor,
        path: String,
        limit: ByteSize
    ) throws(BundleError) -> (Domain.Digest, UInt64) {
        try System.rewind(file.raw, path: path)
        var hash = SHA256()
        var size: UInt64 = 0
        while true {
            let bytes = try System.read(file.raw, limit: chunk, path: path)
            if bytes.isEmpty { break }
            size += UInt64(bytes.count)
            guard size <= limit.bytes else { throw BundleError(.tooLarge, "the bundle has more than \(limit)") }
            hash.update(data: bytes)
        }
        try System.rewind(file.raw, path: path)
        guard let digest = Domain.Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return (digest, size)
    }
}
