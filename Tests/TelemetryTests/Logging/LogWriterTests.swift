import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LogWriterTests {
    private static func line(_ index: Int) -> [UInt8] { Array("line \(index)\n".utf8) }

    @Test func writesAtOnceWithoutAThread() throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor)
        writer.write(Self.line(1))
        #expect(try pipe.finish() == "line 1\n")
    }

    @Test func writesEverythingInOrderAndEnds() throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor)
        writer.start()
        writer.start()
        for index in 0..<1000 { writer.write(Self.line(index)) }
        #expect(writer.flush())
        #expect(writer.stop())
        #expect(writer.stop())
        writer.write(Self.line(1000))
        #expect(try pipe.finish() == (0...1000).map { "line \($0)\n" }.joined())
        #expect(writer.dropped == 0)
    }

    @Test func dropsAndCountsWhenTheReaderIsSlow() throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor, capacity: 100_000)
        let registry = MetricRegistry()
        writer.register(in: registry)
        writer.start()
        let long = Array(repeating: UInt8(ascii: "x"), count: 999) + [UInt8(ascii: "\n")]
        // A pipe holds 64 KiB, the thread has one batch in hand, 100 lines wait.
        for _ in 0..<1000 { writer.write(long) }
        #expect(writer.dropped >= 1000 - 66 - 200)
        #expect(!writer.flush(within: 2_000_000))
        #expect(registry.exposition().contains("godwit_log_lines_dropped_total \(writer.dropped)\n"))
        var read = 0
        while read < (1000 - Int(writer.dropped)) * 1000 { read += pipe.readSome().utf8.count }
        #expect(writer.flush())
        #expect(writer.stop())
        #expect(read == (1000 - Int(writer.dropped)) * 1000)
    }

    @Test func survivesAReaderThatIsGone() throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor)
        writer.start()
        try pipe.abandon()
        writer.write(Self.line(1))
        #expect(writer.stop())
    }

    @Test func linesOfManyThreadsDoNotMix() async throws {
        let pipe = LogPipe()
        let writer = LogWriter(descriptor: pipe.descriptor)
        writer.start()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for index in 0..<500 { writer.write(Self.line(index)) } } }
        }
        #expect(writer.stop())
        let lines = try pipe.finish().split(separator: "\n")
        #expect(lines.count == 2000)
        #expect(Set(lines).count == 500)
    }
}
