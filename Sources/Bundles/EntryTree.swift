import Domain

/// What a bundle holds so far: refuses what contradicts it.
///
/// Both packing and unpacking go through it, so that a bundle we pack is never one we refuse.
struct EntryTree {
    /// What an entry is.
    enum Kind: Hashable, Sendable {
        case folder
        case file
        case link
    }

    private let limits: BundleLimits
    private var kinds: [String: Kind] = [:]
    /// Folders that an entry was in, but that had no entry of their own yet.
    private var implied: Set<String> = []

    /// Entries, implied folders included.
    var count: Int { kinds.count }

    init(limits: BundleLimits) { self.limits = limits }

    /// Takes an entry in.
    mutating func add(_ path: BundlePath, as kind: Kind) throws(BundleError) {
        let text = path.text
        var parent = ""
        for name in path.names.dropLast() {
            parent = parent.isEmpty ? name : "\(parent)/\(name)"
            switch kinds[parent] {
            case .folder: break
            case nil:
                kinds[parent] = .folder
                implied.insert(parent)
            case .file, .link:
                throw BundleError(
                    .refused,
                    "the bundle holds '\(Printable.text(text))' below '\(Printable.text(parent))', which is no folder"
                )
            }
        }
        if kind == .folder, implied.remove(text) != nil { return }
        guard kinds.updateValue(kind, forKey: text) == nil else {
            throw BundleError(.refused, "the bundle holds '\(Printable.text(text))' twice")
        }
        guard count <= limits.entries else {
            throw BundleError(.tooLarge, "the bundle has more than \(limits.entries) entries")
        }
    }
}
