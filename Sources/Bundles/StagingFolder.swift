import Domain

/// A fresh folder to unpack into, removed with everything in it when it goes out of scope.
struct StagingFolder: ~Copyable {
    /// How names of such folders begin; what a crash left behind can be told by it.
    static let prefix = ".incoming-"

    let parent: Descriptor
    let name: String
    let folder: Descriptor

    init(in path: String) throws(BundleError) {
        let parent = try System.openFolder(path, in: System.currentFolder, following: true)
        let name = Self.prefix + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        guard try System.status(of: name, in: parent.raw, following: false) == nil else {
            throw BundleError(.storage, "'\(name)' exists already")
        }
        self.folder = try System.makeFolder(name, in: parent.raw)
        self.parent = parent
        self.name = name
    }

    deinit {
        // Nobody is left to tell of a failure; the next start of the node removes what is left over. After an
        // installation the name is gone, and nothing happens.
        try? System.removeTree(name, in: parent.raw)
    }
}
