extension Request {
    /// The parts of the path, decoded: `/rooms/4%2F2` has `rooms` and `4/2`.
    public var pathParts: [String] {
        path.split(separator: "/").map { PercentEncoding.decode($0, plusIsSpace: false) }
    }

    /// The names and values of the query, decoded, in order; a name without `=` has an empty value.
    public var queryItems: [(name: String, value: String)] {
        query.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            return (PercentEncoding.decode(parts[0], plusIsSpace: true), value)
        }
    }

    /// The first value of a name in the query, decoded; nil when the name is not there.
    public func queryItem(_ name: String) -> String? {
        queryItems.first { $0.name == name }?.value
    }
}
