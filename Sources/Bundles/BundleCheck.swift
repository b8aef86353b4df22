import Domain

/// What must be true of a bundle's files for it to run.
enum BundleCheck {
    /// Reads the manifest of an unpacked bundle and checks that the handler it names is there.
    static func spec(in folder: borrowing Descriptor) throws(BundleError) -> FunctionSpec {
        let manifest = FunctionManifest.fileName
        guard let status = try System.status(of: manifest, in: folder.raw, following: false), status.kind == .file
        else {
            throw BundleError(.manifest, "the bundle has no \(manifest) at its top")
        }
        guard status.size <= UInt64(YAMLFile.maximumSize) else {
            throw BundleError(.manifest, "\(manifest) has more than \(YAMLFile.maximumSize) bytes")
        }
        let file = try System.openFile(manifest, in: folder.raw)
        var bytes: [UInt8] = []
        while true {
            let more = try System.read(file.raw, limit: YAMLFile.maximumSize, path: manifest)
            if more.isEmpty { break }
            bytes += more
        }
        let spec: FunctionSpec
        do {
            spec = try FunctionManifest.parse(bytes)
        } catch {
            throw BundleError(.manifest, error.description)
        }
        try checkHandler(of: spec, in: folder)
        return spec
    }

    private static func checkHandler(of spec: FunctionSpec, in folder: borrowing Descriptor) throws(BundleError) {
        switch spec.runtime {
        case .swift, .exec:
            guard let status = try System.status(of: spec.handler, in: folder.raw, following: true),
                status.kind == .file
            else {
                throw BundleError(.manifest, "the bundle has no file '\(spec.handler)', which is the handler")
            }
            guard status.isExecutable else {
                throw BundleError(.manifest, "the handler '\(spec.handler)' is not executable; chmod +x it")
            }
        case .python3:
            let module = spec.handler.prefix { $0 != ":" }.split(separator: ".").joined(separator: "/")
            for path in ["\(module).py", "\(module)/__init__.py"]
            where try System.status(of: path, in: folder.raw, following: true)?.kind == .file {
                return
            }
            throw BundleError(
                .manifest,
                "the bundle has no '\(module).py', which the handler '\(spec.handler)' is in"
            )
        }
    }
}
