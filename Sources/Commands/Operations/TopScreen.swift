/// The terminal of `godwit top`: a screen of its own, and the way back from it.
struct TopScreen {
    /// To the other screen, without a cursor, and back; computed, so that a signal handler may use them.
    static var entering: StaticString { "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J" }
    static var leaving: StaticString { "\u{1b}[?25h\u{1b}[?1049l" }

    private let console: Console
    private let environment: [String: String]

    init(_ context: CommandContext) {
        self.console = context.console
        self.environment = context.environment
    }

    /// Columns and rows: `COLUMNS` and `LINES` where they are set, else those of the terminal, asked anew each time.
    private var size: (columns: Int, rows: Int) {
        (
            environment["COLUMNS"].flatMap(Int.init) ?? System.columns(1) ?? 80,
            environment["LINES"].flatMap(Int.init) ?? System.rows(1) ?? 24
        )
    }

    /// Switches to it; from now on Ctrl-C switches back and ends the program, and Ctrl-Z switches back meanwhile.
    func enter() {
        System.watchSignals(true)
        console.raw(Array("\(Self.entering)".utf8))
    }

    /// Switches back.
    func leave() {
        console.raw(Array("\(Self.leaving)".utf8))
        System.watchSignals(false)
    }

    /// Shows lines in place of those before, as many as there is room for.
    func paint(_ lines: [String]) {
        let size = size
        var text = "\u{1b}[H"
        for (index, line) in lines.prefix(max(1, size.rows)).enumerated() {
            // No line end after the last: it would scroll a full screen.
            text += (index == 0 ? "" : "\r\n") + cut(TerminalFilter.text(line), to: size.columns) + "\u{1b}[K"
        }
        console.raw(Array((text + "\u{1b}[J").utf8))
    }

    /// The line as far as it fits.
    func cut(_ line: String) -> String { cut(line, to: size.columns) }

    private func cut(_ line: String, to width: Int) -> String {
        line.count > max(1, width) ? String(line.prefix(max(1, width) - 1)) + "…" : line
    }
}
