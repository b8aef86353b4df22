package import Domain

/// The path of a call, taken apart: `/function/{name}[:{alias or version}][/sub/path][?query]`.
package struct CallPath: Equatable {
    /// What the target of every call begins with.
    package static let prefix = "/function/"

    /// Which version of which function.
    package let reference: FunctionReference
    /// What follows the name, still percent-encoded; `/` when nothing does.
    package let subPath: String
    /// Without the question mark; empty when there is none.
    package let query: String

    /// Whether a request for `target` is a call; if not, it is for the router.
    package static func matches(_ target: String) -> Bool { target.utf8.starts(with: prefix.utf8) }

    /// Takes apart the target of a request, of which `prefix` is the beginning.
    package init(_ target: String, prefix: String = Self.prefix) throws(Invalid) {
        let rest = target.utf8.dropFirst(prefix.utf8.count)
        let pathEnd = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let path = rest[..<pathEnd]
        let nameEnd = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        self.reference = try FunctionReference(String(Substring(path[..<nameEnd])))
        self.subPath = nameEnd == path.endIndex ? "/" : String(Substring(path[nameEnd...]))
        self.query = pathEnd == rest.endIndex ? "" : String(Substring(rest[rest.index(after: pathEnd)...]))
    }
}
