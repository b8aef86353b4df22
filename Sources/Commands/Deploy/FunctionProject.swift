package import Bundles
package import Domain

/// A function's folder on the developer's machine.
package struct FunctionProject: Sendable {
    /// What `function.yaml` says, the name replaced where another is wanted.
    package let spec: FunctionSpec
    private let folder: String
    private let manifest: [UInt8]

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

    /// The files of the bundle; builds them first where that is needed.
    package func entries(isVerbose: Bool, console: Console) throws -> [BundleEntry] {
        let manifest = BundleEntry(path: FunctionManifest.fileName, content: .bytes(manifest))
        switch spec.runtime {
        case .swift:
            let program = try SwiftBuild(folder: folder, product: Paths.name(of: spec.handler))
                .run(isVerbose: isVerbose, console: console)
            let executable = BundleEntry(path: spec.handler, content: .file(path: program), isExecutable: true)
            return [manifest, executable] + (try resources())
        case .python3, .exec:
            return [manifest] + (try BundleFolder(folder).entries().filter { $0.path != FunctionManifest.fileName })
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
