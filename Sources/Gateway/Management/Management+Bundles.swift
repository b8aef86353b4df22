import Bundles
import Domain
import Hummingbird
import NIOFileSystem
import SystemPackage

extension Management {
    /// Takes a bundle: unpacks it, keeps it as it came for nodes that need it, and says what is in it.
    ///
    /// `check` may refuse it; then nothing of it is left. It is refused too when it is another than was announced.
    func receiveBundle(
        _ body: RequestBody,
        announced: Digest?,
        check: @escaping @Sendable (UnpackedBundle) throws -> Void
    ) async throws -> UnpackedBundle {
        let bundle = try await Upload.receive(body, in: uploadFolder, limit: limits.bundle) { path in
            let bundle = try await unpack(path, announced: announced, check: check)
            let kept = FilePath(shelf.path(of: bundle.digest))
            if try await FileSystem.shared.info(forFileAt: kept) == nil {
                try await FileSystem.shared.moveItem(at: FilePath(path), to: kept)
            }
            return bundle
        }
        bundles.insert(bundle.digest)
        return bundle
    }

    private func unpack(
        _ upload: String,
        announced: Digest?,
        check: @escaping @Sendable (UnpackedBundle) throws -> Void
    ) async throws -> UnpackedBundle {
        let folder = bundleFolder
        do {
            return try await Blocking.run {
                try BundleUnpacker().receive(upload, into: folder) { bundle in
                    if let announced, announced != bundle.digest {
                        throw ProblemError(
                            "bundle.digest-mismatch",
                            400,
                            "The bundle was damaged on its way",
                            "it arrived as \(bundle.digest), but was announced as \(announced)"
                        )
                    }
                    try check(bundle)
                }
            }
        } catch let error as BundleError {
            throw Self.problem(for: error)
        }
    }

    private static func problem(for error: BundleError) -> ProblemError {
        switch error.code {
        case .storage: ProblemError("platform.storage", 507, "The bundle could not be stored", error.description)
        case .tooLarge: ProblemError("bundle.too-large", 413, "The bundle is too large", error.description)
        default: ProblemError("bundle.refused", 400, "The bundle was refused", error.description)
        }
    }
}
