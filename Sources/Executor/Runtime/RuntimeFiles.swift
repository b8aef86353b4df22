/// The files that runtimes need inside the sandbox, such as the Python harness.
package enum RuntimeFiles {
    /// Writes them into a folder, readable for every instance.
    ///
    /// The folder is the spawner's `runtime`.
    package static func install(in folder: String) throws(SpawnerError) {
        do {
            try System.write(PackageResources.harness_py, to: "\(folder)/harness.py", mode: 0o644)
            try System.write(PackageResources.fetch_py, to: "\(folder)/fetch.py", mode: 0o644)
            try System.write(PackageResources.zygote_py, to: "\(folder)/zygote.py", mode: 0o644)
            // Instances run as other users: they must get through the folder, which holds nothing private.
            try System.setMode(folder, 0o755)
        } catch {
            throw .system(error.description)
        }
    }
}
