/// How the spawner is started.
package struct SpawnerConfiguration: Sendable {
    /// Path of the `godwit-spawner` program; nil means beside the running program.
    package var program: String?
    /// The folder that holds unpacked bundles, each under its digest.
    package var bundles: String
    /// The folder with what runtimes need, such as the Python harness.
    package var runtime: String
    /// Name of the node, which names its cgroups.
    package var name: String
    /// Whether to start even where the machine cannot isolate processes.
    package var allowsDegraded: Bool
    /// Instances at once: as many user ids are set aside when the spawner runs as root.
    package var slots: Int
    /// Whether the system calls of instances are learned instead of restricted to those that their versions list.
    package var learns = false

    package init(
        program: String? = nil,
        bundles: String,
        runtime: String,
        name: String,
        allowsDegraded: Bool = false,
        slots: Int = 1024
    ) {
        self.program = program
        self.bundles = bundles
        self.runtime = runtime
        self.name = name
        self.allowsDegraded = allowsDegraded
        self.slots = slots
    }

    var arguments: [String] {
        let degraded = allowsDegraded ? ["--allow-degraded"] : []
        return ["--socket", "3", "--bundles", bundles, "--runtime", runtime, "--name", name, "--slots", "\(slots)"]
            + degraded + (learns ? ["--learn"] : [])
    }

    /// The program to run: the one named, or `godwit-spawner` beside this one or in the libexec folder next to it.
    func resolvedProgram() throws(SpawnerError) -> String {
        if let program {
            guard System.isExecutable(program) else { throw .notFound([program]) }
            return program
        }
        let own = System.executablePath() ?? ""
        let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        let places = ["\(folder)/godwit-spawner", "\(folder)/../libexec/godwit/godwit-spawner"]
        guard let place = places.first(where: System.isExecutable) else { throw .notFound(places) }
        return place
    }
}
