import Domain

/// The folder that holds everything a node keeps.
struct NodeFolder: Sendable {
    let path: String

    var bundles: String { "\(path)/bundles" }
    var uploads: String { "\(path)/uploads" }
    var runtime: String { "\(path)/runtime" }
    var store: String { "\(path)/store" }
    var clientAccess: String { "\(path)/\(ClientAccess.fileName)" }
    var callbackKey: String { "\(path)/callback.key" }
    var packed: String { "\(path)/packed" }
    var continuum: String { "\(path)/continuum" }
    var certificate: String { "\(path)/certificate.pem" }
    var key: String { "\(path)/key.pem" }

    /// Makes the folders that are missing, gives them to `owner` where one is named, and removes what an earlier run
    /// left half done.
    func prepare(for owner: (user: UInt32, group: UInt32)?) throws(Invalid) {
        for folder in [path, bundles, uploads, runtime, store, packed, continuum] {
            guard Machine.makeFolder(folder, mode: 0o700) else {
                throw Invalid("data", "'\(folder)' cannot be made; choose another with --data")
            }
            if let owner, !Machine.give(folder, to: owner) {
                throw Invalid("data", "'\(folder)' cannot be given to the user the node runs as")
            }
        }
        for folder in [path, uploads, store, packed, continuum] where !Machine.setMode(folder, 0o700) {
            throw Invalid("data", "'\(folder)' cannot be closed to other users")
        }
        // Instances run as other users and see only their own bundle; nobody else gets past the data folder.
        guard Machine.setMode(bundles, 0o755) else {
            throw Invalid("data", "'\(bundles)' cannot be opened to instances")
        }
        if let owner {
            // Files of an earlier run under another user.
            for folder in [path, store, packed, continuum] {
                for name in Machine.names(in: folder) { _ = Machine.give("\(folder)/\(name)", to: owner) }
            }
        }
        for name in Machine.names(in: uploads) { Machine.remove("\(uploads)/\(name)") }
    }

    /// Checks that the folder can be used by the user that the node runs as now.
    func checkAccess() throws(Invalid) {
        guard Machine.mayWrite(in: path) else {
            throw Invalid(
                "data",
                "'\(path)' cannot be used by the user the node runs as; a folder above it may be closed to others. "
                    + "Choose another with --data, or another user with --user"
            )
        }
    }
}
