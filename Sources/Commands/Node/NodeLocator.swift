import Domain

/// Finds the node that a command is for: options, then variables, then what a node on this machine left for us.
package struct NodeLocator: Sendable {
    private let environment: [String: String]
    private let isRoot: Bool
    private let readFile: @Sendable (String) -> [UInt8]?

    package init(
        environment: [String: String],
        isRoot: Bool,
        readFile: @escaping @Sendable (String) -> [UInt8]?
    ) {
        self.environment = environment
        self.isRoot = isRoot
        self.readFile = readFile
    }

    /// The node to talk to; throws what to do when there is none.
    ///
    /// A token from a node's own file is used for that node only, never sent to an address that was given otherwise.
    package func locate(_ options: ConnectionOptions, data: String?) throws(CommandFailure) -> NodeAccess {
        let folder = DataFolder.path(option: data, environment: environment, isRoot: isRoot)
        let file = Paths.join(folder, ClientAccess.fileName)
        let local = try access(file)
        let url = options.url ?? variable("GODWIT_URL") ?? local?.url
        guard let url else {
            throw CommandFailure(
                .unreachable,
                "no node found: start one with `godwit up`, or name one with --url or GODWIT_URL (looked for \(file))"
            )
        }
        let trimmed = try Self.checked(url)
        let own = try local.map { (access) throws(CommandFailure) in try Self.checked(access.url) == trimmed } ?? false
        return NodeAccess(
            url: trimmed,
            token: options.token ?? variable("GODWIT_TOKEN") ?? (own ? local?.token : nil),
            certificate: options.certificate ?? variable("GODWIT_CERTIFICATE") ?? (own ? local?.certificate : nil)
        )
    }

    private func access(_ file: String) throws(CommandFailure) -> ClientAccess? {
        guard let bytes = readFile(file) else { return nil }
        do {
            return try JSONText.value(ClientAccess.self, from: bytes)
        } catch {
            throw CommandFailure("'\(file)' is damaged; `godwit up` writes it anew")
        }
    }

    private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static func checked(_ url: String) throws(CommandFailure) -> String {
        var rest = Substring(url)
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let host = ["http://", "https://"].first { rest.hasPrefix($0) }.map { rest.dropFirst($0.count) }
        guard let host, !host.isEmpty, rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !host.contains("@") else {
            throw CommandFailure(.usage, "'\(Printable.text(url))' is no address like http://127.0.0.1:8080")
        }
        return String(rest)
    }
}
