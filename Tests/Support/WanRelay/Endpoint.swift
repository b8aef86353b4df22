import ArgumentParser

/// A host and a port.
struct Endpoint: ExpressibleByArgument, Sendable {
    let host: String
    let port: Int

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65535).contains(port), colon > argument.startIndex
        else { return nil }
        self.host = String(argument[..<colon])
        self.port = port
    }
}
