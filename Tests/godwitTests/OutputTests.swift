import Commands
import Domain
import Testing

@Suite("Output")
struct OutputTests {
    @Test("tables are aligned and end without spaces")
    func table() {
        var table = Table("NAME", ">SIZE", "NOTE")
        table.add("a", "1 B", "")
        table.add("longer", "1000 B", "two\nlines")
        #expect(table.lines == ["NAME      SIZE  NOTE", "a          1 B  -", "longer  1000 B  two lines"])
    }

    @Test(
        "durations",
        arguments: [
            (0, "0"), (999, "999 ns"), (1250, "1.25 µs"), (2_500_000, "2.50 ms"), (12_340_000, "12.3 ms"),
            (999_900_000, "1000 ms"), (1_500_000_000, "1.50 s"), (90_000_000_000, "1 min 30 s"),
        ] as [(UInt64, String)]
    )
    func durations(nanoseconds: UInt64, text: String) { #expect(Human.duration(nanoseconds: nanoseconds) == text) }

    @Test(
        "bytes",
        arguments: [(0, "0 B"), (1023, "1023 B"), (1536, "1.50 KiB"), (5 << 20, "5.00 MiB")] as [(UInt64, String)]
    )
    func bytes(count: UInt64, text: String) { #expect(Human.bytes(count) == text) }

    @Test(
        "numbers",
        arguments: [(0, 0, "0"), (-0.004, 2, "0.00"), (-1.5, 1, "-1.5"), (2.999, 2, "3.00"), (1.05, 2, "1.05")]
    )
    func decimals(value: Double, decimals: Int, text: String) { #expect(Human.decimal(value, decimals) == text) }

    @Test(
        "distances in time",
        arguments: [
            (0, "now"), (60, "60 s ago"), (600, "10 min ago"), (7200, "2 h ago"), (864_000, "10 d ago"),
            (-600, "in 10 min"),
        ] as [(Int64, String)]
    )
    func distances(seconds: Int64, text: String) {
        let now = Timestamp(microseconds: 1_769_860_800_000_000)
        let then = Timestamp(microseconds: now.microseconds - seconds * 1_000_000)
        #expect(Human.distance(to: then, from: now) == text)
        #expect(Human.time(now) == "2026-01-31 12:00:00.000")
    }

    @Test(
        "control characters become visible on a terminal",
        arguments: [
            ("plain\ttext\n", "plain\ttext\n"), ("\u{1b}[31mred", "^[[31mred"), ("over\rwrite", "overwrite"),
            ("bell\u{7}", "bell^G"), ("\u{9b}31m", "\\u{9b}31m"), ("a\u{202e}b", "a\\u{202e}b"), ("del\u{7f}", "del^?"),
            ("höhe ✓ 🐦", "höhe ✓ 🐦"),
        ]
    )
    func filter(raw: String, shown: String) { #expect(TerminalFilter.text(raw) == shown) }

    @Test("the filter takes text in pieces, and bytes that are no text")
    func pieces() {
        var filter = TerminalFilter()
        var shown: [UInt8] = []
        for byte in "a✓🐦\u{9b}b".utf8 { shown += filter.take([byte]) }
        #expect(String(decoding: shown, as: UTF8.self) == "a✓🐦\\u{9b}b")
        #expect(String(decoding: filter.take([0xff, 0x41, 0xe2, 0x9c]), as: UTF8.self) == "\\xffA")
        #expect(String(decoding: filter.finish(), as: UTF8.self) == "\\xe2\\x9c")
        #expect(String(decoding: filter.take([0xe2, 0x41, 0xc3]) + filter.finish(), as: UTF8.self) == "\\xe2A\\xc3")
    }

    @Test("lines are cut whatever the pieces are")
    func lines() {
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for piece in ["on", "e\ntw", "o\n\n", "", "three"] { lines += splitter.take(Array(piece.utf8)) }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "two"])
        #expect(splitter.finish() == Array("three".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test(
        "paths",
        arguments: [("/a/b", "/a", "b"), ("a", ".", "a"), ("/a", "/", "a"), ("a/b/", "a", "b"), ("/", "/", "/")]
    )
    func paths(path: String, parent: String, name: String) {
        #expect(Paths.parent(of: path) == parent)
        #expect(Paths.name(of: path) == name)
    }

    @Test("URLs are escaped")
    func urls() {
        #expect(URLText.escape("a b/ü?") == "a%20b%2F%C3%BC%3F")
        #expect(URLText.path("/a b%20c") == "/a%20b%20c")
        #expect(URLText.query("a=1&b=ü\r\n") == "a=1&b=%C3%BC%0D%0A")
    }
}
