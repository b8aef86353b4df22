import Glibc
import Telemetry
import Testing

@Suite struct ProcessMetricsTests {
    @Test func describesThisProcess() throws {
        let sample = try #require(ProcessSample.read())
        #expect(sample.residentBytes > 1 << 20)
        #expect(sample.cpuSeconds >= 0)
        #expect((3...100_000).contains(sample.openDescriptors))
        let age = Double(WallClock.now()) / 1e9 - sample.startSeconds
        #expect((-2...86_400).contains(age))
    }

    @Test func readsNamesWithParentheses() throws {
        let fields = (4...60).map(String.init).joined(separator: " ")
        let sample = try #require(
            ProcessSample(
                stat: "12 (a) b) (c) S \(fields)",
                kernel: "cpu 1 2\nbtime 1000\n",
                openDescriptors: 5,
                descriptorLimit: nil
            )
        )
        // Fields 14 and 15 of the file, in ticks; 22 in ticks since boot; 24 in pages.
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        #expect(sample.cpuSeconds == 29 / ticksPerSecond)
        #expect(sample.startSeconds == 1000 + 22 / ticksPerSecond)
        #expect(sample.residentBytes == 24 * UInt64(sysconf(Int32(_SC_PAGESIZE))))
    }

    @Test func isExposed() {
        let registry = MetricRegistry()
        ProcessMetrics(in: registry)
        let text = registry.exposition()
        for name in [
            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds",
            "process_open_fds", "process_max_fds",
        ] {
            #expect(text.contains("\n\(name) "))
        }
        #expect(!text.contains("process_resident_memory_bytes 0\n"))
    }
}
