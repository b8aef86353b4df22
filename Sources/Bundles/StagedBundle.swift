import Domain

/// An unpacked bundle in a folder of its own, not in use yet.
///
/// It is removed unless it is installed.
package struct StagedBundle: ~Copyable {
    package let bundle: UnpackedBundle
    private let staging: StagingFolder

    init(_ bundle: UnpackedBundle, in staging: consuming StagingFolder) {
        self.bundle = bundle
        self.staging = staging
    }

    /// Moves it into the folder of bundles, named by its digest, and gives the new path.
    ///
    /// Everything is on the disk before the rename, and the rename is on the disk before this returns: after a crash
    /// the bundle is there whole or not at all. The folder must be of the same file system as the staging area. If the
    /// bundle is there already, this one is dropped.
    package consuming func install(into bundles: String) throws(BundleError) -> String {
        let name = bundle.digest.hex
        let target = try System.openFolder(bundles, in: System.currentFolder, following: true)
        try System.syncFileSystem(of: staging.folder, path: bundles)
        if try System.rename(staging.name, in: staging.parent.raw, to: name, in: target.raw) {
            try System.sync(target, path: bundles)
        }
        return "\(bundles)/\(name)"
    }
}
