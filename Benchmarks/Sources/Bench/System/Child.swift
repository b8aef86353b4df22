/// A process that this program started, with everything it starts in turn: they end when this value does.
struct Child: ~Copyable {
    let process: Int32
    private var isOver = false

    /// Starts a program; its outputs go where the descriptors point, to nowhere by default.
    init(_ arguments: [String], folder: String? = nil, output: Int32? = nil, error: Int32? = nil) throws(BenchError) {
        let null = System.openNull()
        defer { System.close(null) }
        self.process = try System.spawn(
            arguments,
            folder: folder,
            input: null,
            output: output ?? null,
            error: error ?? null
        )
    }

    deinit { if !isOver { Self.kill(process) } }

    /// Its exit code; nil while it runs.
    mutating func exitCode() -> Int32? {
        guard !isOver, let code = System.exitCode(of: process) else { return nil }
        isOver = true
        return code
    }

    /// Asks it to end, waits for a time, then kills what is left; gives whether it ended by itself.
    consuming func stop(within milliseconds: Int) -> Bool {
        System.terminate(process)
        let end = System.now + UInt64(milliseconds) * 1_000_000
        while System.now < end {
            if exitCode() != nil {
                System.killGroup(process)
                return true
            }
            _ = System.isReadable(-1, within: 10)
        }
        return false
    }

    /// Kills the whole group and reaps the child.
    private static func kill(_ process: Int32) {
        System.killGroup(process)
        while System.exitCode(of: process) == nil { _ = System.isReadable(-1, within: 5) }
    }
}
