/// Keeps the `tracestate` header within what the W3C specification lets a vendor bound.
enum TraceState {
    static let memberLimit = 32
    static let byteLimit = 512

    /// The header within the limits, or nil when nothing of it is left or it is not printable ASCII.
    ///
    /// Members beyond the 32nd go; then, while there are too many bytes, those longer than 128 bytes, then the last.
    static func bounded(_ header: String) -> String? {
        guard header.utf8.count <= 8192, header.utf8.allSatisfy({ (0x20...0x7e).contains($0) || $0 == 9 }) else {
            return nil
        }
        var members = header.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }.filter { !$0.isEmpty }
        members = Array(members.prefix(memberLimit))
        func length() -> Int { members.reduce(max(0, members.count - 1)) { $0 + $1.utf8.count } }
        if length() > byteLimit { members.removeAll { $0.utf8.count > 128 } }
        while length() > byteLimit { members.removeLast() }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }
}
