import Domain

/// Lists a folder for packing.
package struct BundleFolder: Sendable {
    private let path: String
    private let limits: BundleLimits

    package init(_ path: String, limits: BundleLimits = .init()) {
        self.path = path
        self.limits = limits
    }

    /// Everything in the folder but what its `.godwitignore` leaves out; refuses devices, sockets and fifos.
    ///
    /// Links are listed as links; whether they stay within the bundle is checked when they are packed.
    package func entries() throws(BundleError) -> [BundleEntry] {
        let top = try System.openFolder(path, in: System.currentFolder, following: true)
        var found: [BundleEntry] = []
        try list(top, at: "", rules: try rules(in: top), into: &found)
        return found
    }

    private func rules(in top: borrowing Descriptor) throws(BundleError) -> IgnoreRules {
        guard try System.status(of: IgnoreRules.fileName, in: top.raw, following: true)?.kind == .file else {
            return IgnoreRules("")
        }
        let file = try System.openFile(IgnoreRules.fileName, in: top.raw, following: true)
        let bytes = try System.read(file.raw, limit: YAMLFile.maximumSize, path: IgnoreRules.fileName)
        return IgnoreRules(String(decoding: bytes, as: UTF8.self))
    }

    private func list(
        _ folder: borrowing Descriptor,
        at prefix: String,
        rules: IgnoreRules,
        into found: inout [BundleEntry]
    ) throws(BundleError) {
        for raw in try System.names(in: folder, path: prefix.isEmpty ? path : prefix) {
            guard let name = String(validating: raw, as: UTF8.self) else {
                let shown = Printable.text(String(decoding: raw, as: UTF8.self))
                throw BundleError(.refused, "the name '\(shown)' is not UTF-8; rename or ignore it")
            }
            let entryPath = prefix.isEmpty ? name : "\(prefix)/\(name)"
            guard let status = try System.status(of: name, in: folder.raw, following: false),
                !rules.ignores(entryPath, isFolder: status.kind == .folder)
            else { continue }
            guard found.count < limits.entries else {
                throw BundleError(
                    .tooLarge,
                    "'\(path)' has more than \(limits.entries) files; list some in .godwitignore"
                )
            }
            switch status.kind {
            case .file:
                let content = BundleEntry.Content.file(path: "\(path)/\(entryPath)")
                found.append(.init(path: entryPath, content: content, isExecutable: status.isExecutable))
            case .link:
                let target = String(decoding: try System.linkTarget(name, in: folder.raw), as: UTF8.self)
                found.append(.init(path: entryPath, content: .link(target: target)))
            case .folder:
                found.append(.init(path: entryPath, content: .folder))
                _ = try BundlePath.parse(Array(entryPath.utf8))
                let child = try System.openFolder(name, in: folder.raw)
                try list(child, at: entryPath, rules: rules, into: &found)
            case .other:
                throw BundleError(.refused, "'\(Printable.text(entryPath))' is a device, fifo or socket; ignore it")
            }
        }
    }
}
