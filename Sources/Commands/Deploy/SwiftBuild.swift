import Domain

/// Builds a Swift function as a fully static, stripped executable.
struct SwiftBuild {
    let folder: String
    let product: String

    /// `swift build` with the release settings of functions.
    private var plain: [String] {
        [
            "swift", "build", "--package-path", folder, "-c", "release", "--product", product,
            "--static-swift-stdlib", "-Xlinker", "-s",
        ]
    }

    /// What makes the executable independent of every library of the system it runs on.
    private static let fullyStatic = ["-Xswiftc", "-static-executable"]

    /// Builds and gives the executable's path.
    ///
    /// What the compiler writes is shown when it fails, or when asked for.
    ///
    /// Where the fully static link fails, for a dependency that has no static library, the executable keeps the C
    /// library of the system dynamic: it starts slower and needs a system like this one, and that is said.
    func run(isVerbose: Bool, console: Console) throws -> String {
        console.progress("building \(product)…")
        var flags = plain + Self.fullyStatic
        var result = try build(flags, isVerbose: isVerbose)
        if result.code != 0, Self.isLinkFailure(result.output) {
            console.progress("")
            console.note(
                "godwit: warning: no fully static executable could be linked; it will need this system's C library"
            )
            flags = plain
            result = try build(flags, isVerbose: isVerbose)
        }
        console.progress("")
        guard result.code == 0 else {
            if !isVerbose { console.note(result.output) }
            throw CommandFailure("the build of '\(product)' failed")
        }
        guard let shown = System.run(flags + ["--show-bin-path"]), shown.code == 0,
            let bin = shown.output.split(whereSeparator: \.isNewline).last
        else { throw CommandFailure("the build's folder is not known: `swift build --show-bin-path` failed") }
        let program = Paths.join(String(bin), product)
        guard System.fileSize(program) != nil else {
            throw CommandFailure("the build made no '\(product)'; handler and product must have the same name")
        }
        return program
    }

    private func build(_ arguments: [String], isVerbose: Bool) throws -> (code: Int32, output: String) {
        guard let result = System.run(arguments, isShown: isVerbose) else {
            throw CommandFailure("there is no `swift`; install the toolchain from https://swift.org/install")
        }
        return result
    }

    /// Whether the code was fine and only the linking failed.
    static func isLinkFailure(_ output: String) -> Bool {
        ["link command failed", "linker command failed", "static-executable", "undefined reference", "cannot find -l"]
            .contains { output.contains($0) }
    }
}
