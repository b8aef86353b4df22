import Domain
import Hummingbird
import NIOCore
import SystemPackage
import NIOFileSystem

/// Takes a request's body into a file: bounded, private, and gone when it is not needed any more.
enum Upload {
    /// Writes `body` to a new file in `folder`, hands its path to `use`, and removes it.
    static func receive<Result: Sendable>(
        _ body: RequestBody,
        in folder: String,
        limit: ByteSize,
        use: (String) async throws -> Result
    ) async throws -> Result {
        var random = SystemRandomNumberGenerator()
        let path = "\(folder)/upload-\(Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) }))"
        let result: Swift.Result<Result, any Error>
        do {
            try await write(body, to: FilePath(path), limit: limit)
            result = .success(try await use(path))
        } catch let error as FileSystemError {
            result = .failure(
                ProblemError("platform.storage", 507, "The upload could not be stored", "\(error.message)")
            )
        } catch {
            result = .failure(error)
        }
        _ = try? await FileSystem.shared.removeItem(at: FilePath(path))
        return try result.get()
    }

    private static func write(_ body: RequestBody, to path: FilePath, limit: ByteSize) async throws {
        let options = OpenOptions.Write.newFile(replaceExisting: false, permissions: [.ownerReadWrite])
        try await FileSystem.shared.withFileHandle(forWritingAt: path, options: options) { file in
            var offset: Int64 = 0
            for try await buffer in body {
                guard UInt64(offset) + UInt64(buffer.readableBytes) <= limit.bytes else {
                    throw ProblemError("bundle.too-large", 413, "Too large", "a bundle may have at most \(limit)")
                }
                offset += try await file.write(contentsOf: buffer, toAbsoluteOffset: offset)
            }
        }
    }
}
