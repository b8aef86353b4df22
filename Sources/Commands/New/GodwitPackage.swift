/// Where new Swift functions find the package that has FunctionKit.
enum GodwitPackage {
    /// The dependency line for a manifest: from the option, else the package that this program was built in.
    static func dependency(named option: String?, executable: String?) throws(CommandFailure) -> String {
        if let option { return try line(for: option) }
        var folder = executable.map(Paths.parent(of:)) ?? "/"
        while folder != "/", folder != "." {
            if isGodwit(folder) { return local(folder) }
            folder = Paths.parent(of: folder)
        }
        throw CommandFailure("the godwit package is not near this program; name its folder or URL with --godwit")
    }

    private static func line(for option: String) throws(CommandFailure) -> String {
        guard !option.contains("\""), !option.contains("\\") else {
            throw CommandFailure(.usage, "--godwit may not hold quotes or backslashes")
        }
        if option.contains("://") || option.hasPrefix("git@") {
            // The package is known by the last part of its URL, which therefore must be godwit or godwit.git.
            return ".package(url: \"\(option)\", branch: \"main\")"
        }
        let folder = option.hasPrefix("/") ? option : Paths.join(System.workingFolder, option)
        guard isGodwit(folder) else { throw CommandFailure("'\(option)' is not the folder of the godwit package") }
        return local(folder)
    }

    private static func local(_ folder: String) -> String { ".package(name: \"godwit\", path: \"\(folder)\")" }

    private static func isGodwit(_ folder: String) -> Bool {
        guard let descriptor = System.open(Paths.join(folder, "Package.swift")) else { return false }
        defer { System.close(descriptor) }
        let manifest = String(decoding: System.readAll(descriptor), as: UTF8.self).filter { !$0.isWhitespace }
        // With a capital P: functions have a dependency `.package(name: "godwit", …)`.
        return manifest.contains("Package(name:\"godwit\"")
    }
}
