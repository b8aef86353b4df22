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
        var spec: FunctionSpec
        do {
            spec = try FunctionManifest.parse(bytes)
        } catch {
            throw BundleError(.manifest, error.description)
        }
        try checkHandler(of: spec, in: folder)
        if let architecture = try architecture(of: spec, in: folder) {
            spec.placement = spec.placement.builtFor(architecture)
        }
        return spec
    }

    /// What the handler was built for; nil when it is no executable of a machine, such as a script.
    ///
    /// Source: the ELF header (System V gABI, chapter 4): four magic bytes, and the machine at offset 18.
    private static func architecture(
        of spec: FunctionSpec,
        in folder: borrowing Descriptor
    ) throws(BundleError) -> String? {
        guard spec.runtime != .python3 else { return nil }
        let file = try System.openFile(spec.handler, in: folder.raw, following: true)
        let head = try System.read(file.raw, limit: 20, path: spec.handler)
        guard head.count == 20, head.starts(with: [0x7f, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")])
        else { return nil }
        return switch UInt16(head[18]) | UInt16(head[19]) << 8 {
        case 62: "x86_64"
        case 183: "aarch64"
        default: nil
        }
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
