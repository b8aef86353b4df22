import Domain

/// The path of a call, taken apart: `/function/{name}[:{alias or version}][/sub/path][?query]`.
struct CallPath: Equatable {
    static let prefix = "/function/"

    let reference: FunctionReference
    /// What follows the name, still percent-encoded; `/` when nothing does.
    let subPath: String
    /// Without the question mark.
    let query: String

    /// Whether a request for `target` is a call; if not, it is for the router.
    static func matches(_ target: String) -> Bool { target.utf8.starts(with: prefix.utf8) }

    /// Takes apart the target of a request, of which `prefix` is the beginning.
    init(_ target: String, prefix: String = Self.prefix) throws(Invalid) {
        let rest = target.utf8.dropFirst(prefix.utf8.count)
        let pathEnd = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let path = rest[..<pathEnd]
        let nameEnd = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        self.reference = try FunctionReference(String(Substring(path[..<nameEnd])))
        self.subPath = nameEnd == path.endIndex ? "/" : String(Substring(path[nameEnd...]))
        self.query = pathEnd == rest.endIndex ? "" : String(Substring(rest[rest.index(after: pathEnd)...]))
    }
}
