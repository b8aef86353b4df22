package import Domain

/// How the egress broker is started.
package struct EgressConfiguration: Sendable {
    /// The user that the broker is where the node is started as root: just below the instances' own.
    private static let user: UInt32 = 1_879_048_191

    /// Path of the `godwit-egress` program; nil means beside the running program.
    package var program: String?
    /// Networks beyond the Internet that functions may reach which list them.
    package var opened: [IPNetwork] = []
    /// Certificates to trust instead of the system's.
    package var authorities: String?
    /// A file like `/etc/hosts` that goes before the resolver.
    package var hosts: String?
    /// Bytes that the body of an answer may have.
    package var responseBody: ByteSize?

    package init() {}

    var arguments: [String] {
        var words = ["keep", "\(Self.user)"]
        for network in opened { words += ["--open", network.text] }
        if let authorities { words += ["--authorities", authorities] }
        if let hosts { words += ["--hosts", hosts] }
        if let responseBody { words += ["--response-limit", responseBody.text] }
        return words
    }

    /// The program to run: the one named, or `godwit-egress` beside this one or in the libexec folder next to it.
    func resolvedProgram() throws(SpawnerError) -> String {
        if let program {
            guard System.isExecutable(program) else { throw .notFound([program]) }
            return program
        }
        let own = System.executablePath() ?? ""
        let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        let places = ["\(folder)/godwit-egress", "\(folder)/../libexec/godwit/godwit-egress"]
        guard let place = places.first(where: System.isExecutable) else { throw .notFound(places) }
        return place
    }
}
