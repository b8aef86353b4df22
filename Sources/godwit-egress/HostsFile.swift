import Domain

/// Names that an operator has given addresses, in the form of /etc/hosts; read again when the file has changed.
struct HostsFile {
    private let path: String?
    private var stamp: System.FileStamp?
    private var entries: [String: [IPAddress]] = [:]

    init(path: String?) { self.path = path }

    /// The addresses of a name; none where the file does not know it.
    mutating func addresses(of name: String) -> [IPAddress] {
        guard let path else { return [] }
        let now = System.stamp(path)
        if now != stamp {
            stamp = now
            entries = Self.parse(System.readText(path) ?? "")
        }
        return entries[name] ?? []
    }

    private static func parse(_ text: String) -> [String: [IPAddress]] {
        var entries: [String: [IPAddress]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let first = words.first, let address = IPAddress(first) else { continue }
            for word in words.dropFirst() {
                if let name = try? HostName.checked(String(word)) { entries[name, default: []].append(address) }
            }
        }
        return entries
    }
}
