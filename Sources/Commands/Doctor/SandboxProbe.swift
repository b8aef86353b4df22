package import Domain

/// What the spawner says of this machine's sandbox.
package enum SandboxProbe {
    /// The spawner's report: the layers alone, or an object that has them.
    private struct Report: Decodable {
        let layers: [SandboxLayer]
    }

    /// Name of the spawner's executable, which stands beside this one.
    static let program = "godwit-spawner"

    /// One check for each layer, or one that says why there are none.
    package static func checks(executable: String?) -> [Check] {
        let path = Paths.join(Paths.parent(of: executable ?? "godwit"), program)
        guard System.mayExecute(path) else {
            return [Check("spawner", .bad, "there is no '\(path)'", remedy: "install \(program) beside godwit")]
        }
        guard let result = System.run([path, "--probe"]), let layers = parse(result.output) else {
            return [
                Check("spawner", .bad, "'\(path) --probe' failed", remedy: "install the one built with this godwit")
            ]
        }
        return layers.map { Check($0) }
    }

    /// The layers of a report; nil when the text is none.
    package static func parse(_ output: String) -> [SandboxLayer]? {
        let bytes = Array(output.utf8)
        if let layers = try? JSONText.value([SandboxLayer].self, from: bytes) { return layers }
        return try? JSONText.value(Report.self, from: bytes).layers
    }
}
