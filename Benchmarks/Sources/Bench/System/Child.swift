/// A process that this program started, with everything it starts in turn: they end when this value does.
struct Child: ~Copyable {
    /// Milliseconds that a child gets to end by itself, unless it is given others.
    private static let patience = 1000

    let process: Int32
    private var isOver = false

    /// Starts a program; its outputs go where the descriptors point, to nowhere by default.
    init(_ arguments: [String], output: Int32? = nil, error: Int32? = nil) throws(BenchError) {
        let null = System.openNull()
        defer { System.close(null) }
        self.process = try System.spawn(arguments, input: null, output: output ?? null, error: error ?? null)
    }

    deinit { if !isOver { Self.end(process, within: Self.patience) } }

    /// Its exit code; nil while it runs.
    mutating func exitCode() -> Int32? {
        guard !isOver, let code = System.exitCode(of: process) else { return nil }
        isOver = true
        return code
    }

    /// Asks it to end, waits, then kills what is left of it; gives whether it ended by itself.
    consuming func stop(within milliseconds: Int) -> Bool {
        defer { isOver = true }
        return isOver || Self.end(process, within: milliseconds)
    }

    @discardableResult
    private static func end(_ process: Int32, within milliseconds: Int) -> Bool {
        System.terminate(process)
        let last = System.now + UInt64(milliseconds) * 1_000_000
        var isOver = false
        while !isOver, System.now < last {
            isOver = System.exitCode(of: process) != nil
            if !isOver { System.pause() }
        }
        System.killGroup(process)
        if !isOver { while System.exitCode(of: process) == nil { System.pause() } }
        return isOver
    }
}
