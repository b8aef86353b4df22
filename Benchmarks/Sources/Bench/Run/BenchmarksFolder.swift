/// The folder `Benchmarks` of the repository: it holds the references and the functions.
enum BenchmarksFolder {
    /// Looks in the working folder, in a `Benchmarks` there, and in the folders above this program.
    static func find() -> String? {
        let above = System.executable.map { path in
            sequence(first: path) { folder in
                folder.lastIndex(of: "/").flatMap { $0 == folder.startIndex ? nil : String(folder[..<$0]) }
            }
        }
        let candidates = [".", "Benchmarks"] + (above.map(Array.init) ?? [])
        return candidates.first { System.isFile("\($0)/Reference/echo-server.c") }
    }
}
