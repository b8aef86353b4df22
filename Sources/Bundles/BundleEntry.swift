/// Something to be packed.
package struct BundleEntry: Hashable, Sendable {
    /// Where its content comes from.
    package enum Content: Hashable, Sendable {
        case file(path: String)
        case bytes([UInt8])
        case link(target: String)
        case folder
    }

    /// Its path in the bundle.
    package let path: String
    package let content: Content
    package let isExecutable: Bool

    package init(path: String, content: Content, isExecutable: Bool = false) {
        self.path = path
        self.content = content
        self.isExecutable = isExecutable
    }
}
