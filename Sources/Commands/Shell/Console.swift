import Synchronization

/// Where a command writes: this process's outputs, or memory in tests.
package final class Console: Sendable {
    /// What was written to memory.
    package struct Record: Sendable {
        package var output: [UInt8] = []
        package var errors: String = ""
        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    private let memory = Mutex(Record())
    private let isInMemory: Bool
    /// Whether standard output is a terminal.
    package let isTerminal: Bool
    /// Whether standard error is a terminal, so that a progress line makes sense.
    package let showsProgress: Bool

    /// The outputs of this process.
    package init() {
        self.isInMemory = false
        self.isTerminal = System.isTerminal(1)
        self.showsProgress = System.isTerminal(2)
    }

    /// Memory that behaves as a terminal or not.
    package init(inMemoryAsTerminal isTerminal: Bool) {
        self.isInMemory = true
        self.isTerminal = isTerminal
        self.showsProgress = false
    }

    /// What was written so far, for a console in memory.
    package var record: Record { memory.withLock { $0 } }

    /// Writes a line of our own or a server's text to standard output, made safe on a terminal.
    package func line(_ text: String) { raw(Array(((isTerminal ? TerminalFilter.text(text) : text) + "\n").utf8)) }

    /// Writes bytes to standard output as they are.
    package func raw(_ bytes: [UInt8]) {
        if isInMemory { memory.withLock { $0.output += bytes } } else { System.writeOutput(bytes) }
    }

    /// Writes a line to standard error, made safe on a terminal.
    package func note(_ text: String) {
        if isInMemory {
            memory.withLock { $0.errors += text + "\n" }
        } else {
            System.write(Array(((showsProgress ? TerminalFilter.text(text) : text) + "\n").utf8), to: 2)
        }
    }

    /// Replaces the progress line; an empty text removes it.
    package func progress(_ text: String) {
        guard showsProgress else { return }
        System.write(Array("\r\u{1b}[K\(text)".utf8), to: 2)
    }
}
