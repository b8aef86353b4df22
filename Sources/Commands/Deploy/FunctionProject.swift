package import Bundles
package import Domain

/// A function's folder on the developer's machine.
package struct FunctionProject: Sendable {
    /// What `function.yaml` says, the name replaced where another is wanted.
    package private(set) var spec: FunctionSpec
    let folder: String
    private var manifest: [UInt8]
    private var manifestPath: String { Paths.join(folder, FunctionManifest.fileName) }

    /// Reads and checks the manifest; `name` replaces the name in it.
    package init(folder: String, name: FunctionName? = nil) throws {
        let path = Paths.join(folder, FunctionManifest.fileName)
        guard let descriptor = System.open(path) else {
            throw CommandFailure("there is no '\(path)'; `godwit new NAME` begins a function")
        }
        defer { System.close(descriptor) }
        var bytes = System.readAll(descriptor)
        if let name {
            bytes = Array(try FunctionManifest.renamed(String(decoding: bytes, as: UTF8.self), to: name).utf8)
        }
        do {
            self.spec = try FunctionManifest.parse(bytes)
        } catch {
            throw CommandFailure(error.description)
        }
        self.folder = folder
        self.manifest = bytes
    }

    /// The same with these system calls listed, or with none restricted.
    func listing(_ calls: [SystemCallName]?) throws -> FunctionProject {
        var changed = self
        changed.manifest = Array(
            try FunctionManifest.listing(calls, in: String(decoding: manifest, as: UTF8.self)).utf8
        )
        changed.spec = try FunctionManifest.parse(changed.manifest)
        return changed
    }

    /// Writes the list into `function.yaml` on disk, the rest of which stays as it is.
    func saveListing(_ calls: [SystemCallName]) throws {
        guard let descriptor = System.open(manifestPath) else {
            throw CommandFailure("'\(manifestPath)' cannot be read any more: \(System.reason)")
        }
        defer { System.close(descriptor) }
        let text = String(decoding: System.readAll(descriptor), as: UTF8.self)
        guard System.replace(manifestPath, with: Array(try FunctionManifest.listing(calls, in: text).utf8)) else {
            throw CommandFailure("'\(manifestPath)' cannot be written: \(System.reason)")
        }
    }

    /// The files of the bundle with this project's manifest, when those but the manifest are there already.
    func entries(with built: [BundleEntry]) -> [BundleEntry] {
        [BundleEntry(path: FunctionManifest.fileName, content: .bytes(manifest))]
            + built.filter { $0.path != FunctionManifest.fileName }
    }

    /// The files of the bundle; builds them first where that is needed.
    package func entries(isVerbose: Bool, console: Console) throws -> [BundleEntry] {
        entries(with: try files(isVerbose: isVerbose, console: console))
    }

    private func files(isVerbose: Bool, console: Console) throws -> [BundleEntry] {
        switch spec.runtime {
        case .swift:
            let program = try SwiftBuild(folder: folder, product: Paths.name(of: spec.handler))
                .run(isVerbose: isVerbose, console: console)
            let executable = BundleEntry(path: spec.handler, content: .file(path: program), isExecutable: true)
            return [executable] + (try resources())
        case .python3, .exec:
            return try BundleFolder(folder).entries()
        }
    }

    /// What is in `resources/`, under that name.
    private func resources() throws -> [BundleEntry] {
        let name = "resources"
        guard System.isFolder(Paths.join(folder, name)) else { return [] }
        return try BundleFolder(Paths.join(folder, name)).entries().map {
            BundleEntry(path: "\(name)/\($0.path)", content: $0.content, isExecutable: $0.isExecutable)
        }
    }
}
