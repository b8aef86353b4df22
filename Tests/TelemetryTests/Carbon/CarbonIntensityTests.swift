import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct CarbonIntensityTests {
    private static let noon: Int64 = 1_769_860_800_000_000_000

    /// Keeps what it is told.
    private final class Changes: Sendable {
        private let list = Mutex<[CarbonFailure?]>([])
        var all: [CarbonFailure?] { list.withLock { $0 } }
        func add(_ failure: CarbonFailure?) { list.withLock { $0.append(failure) } }
    }

    private static func file(_ path: String, _ changes: Changes = Changes()) -> CarbonIntensity {
        CarbonIntensity(.file(path)) { changes.add($0) }
    }

    @Test(
        arguments: [
            (0.011_368, 380, "0.0000012 g; intensity=380"), (3.6e6, 380.5, "380.5 g; intensity=380.5"),
            (0.003, 380, "0.0000003167 g; intensity=380"), (0, 380, "0 g; intensity=380"),
            (-1, 380, "0 g; intensity=380"), (1, 0, "0 g; intensity=0"), (3.6e11, 1, "100000 g; intensity=1"),
            (1e-20, 1, "0 g; intensity=1"), (.nan, 1, "0 g; intensity=1"),
        ] as [(Double, Double, String)]
    )
    func headerText(_ joules: Double, _ intensity: Double, _ text: String) {
        var bytes: [UInt8] = []
        CarbonReading(joules: joules, intensity: intensity).appendHeader(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test func aConstantIsKnownAtOnce() throws {
        let intensity = CarbonIntensity(.constant(360)) { _ in }
        #expect(intensity.gramsPerKilowattHour == 360)
        let reading = try #require(intensity.reading(joules: 1e4))
        #expect(abs(reading.grams - 1) < 1e-12)
        #expect(reading.intensity == 360)
    }

    @Test(arguments: [-1, 100_001, .nan, .infinity] as [Double])
    func aConstantMayBeOutOfRange(_ number: Double) {
        let changes = Changes()
        let intensity = CarbonIntensity(.constant(number)) { changes.add($0) }
        #expect(intensity.gramsPerKilowattHour == nil)
        #expect(changes.all.count == 1)
    }

    @Test(arguments: ["381\n", "# grid\n\n381.0", "carbon: 381"])
    func aFileOfOneNumber(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "carbon")
        let intensity = Self.file(folder.path + "/carbon")
        intensity.refresh()
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == 381)
    }

    @Test(
        arguments: [
            ("2026-01-31T11:59:59Z", nil), ("2026-01-31T12:00:00Z", 100), ("2026-01-31T12:29:59.999Z", 100),
            ("2026-01-31T12:30:00Z", 200), ("2026-01-31T13:59:59Z", 250), ("2026-01-31T14:00:00Z", 400),
            ("2030-01-01T00:00:00Z", 400),
        ] as [(String, Double?)]
    )
    func theLastLineNotAfterNowCounts(_ time: String, _ value: Double?) throws {
        let folder = try TemporaryFolder()
        let text = """
            datetime,carbon_intensity
            # by hour
            2026-01-31T15:00:00+01:00, 400
            2026-01-31T12:00:00Z,100

            2026-01-31T12:30:00Z,200\r
            2026-01-31T14:00:00+01:00,240
            2026-01-31T13:00:00Z,250
            """
        try folder.write(text, to: "carbon.csv")
        let now = try #require(WallClock.nanoseconds(rfc3339: time))
        let intensity = Self.file(folder.path + "/carbon.csv")
        intensity.refresh()
        #expect(intensity.gramsPerKilowattHour(at: now) == value)
    }

    @Test(arguments: [
        "many", "1 2", "1\n2", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z,a", "2026-01-31,1", "time,1\na,1",
        "2026-01-31T12:00:00Z,1,2", "2026-01-31T12:00:00", "a,b", "2026-01-31T12:00:00Z,1\ntime,intensity", "-1",
        "2026-01-31T12:00:00Z,1e9",
    ])
    func refusesOtherText(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "carbon")
        let changes = Changes()
        let intensity = Self.file(folder.path + "/carbon", changes)
        for _ in 0..<3 { intensity.refresh() }
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == nil)
        #expect(changes.all.count == 1)
    }

    @Test func aFileIsReadAgainWhenItWasModified() throws {
        let folder = try TemporaryFolder()
        try folder.write("100", to: "carbon")
        try folder.setModified("carbon", seconds: 1_700_000_000)
        let intensity = Self.file(folder.path + "/carbon")
        intensity.refresh()
        try folder.write("200", to: "carbon")
        try folder.setModified("carbon", seconds: 1_700_000_000)
        intensity.refresh()
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == 100)
        try folder.setModified("carbon", seconds: 1_700_000_001)
        intensity.refresh()
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == 200)
    }

    @Test func whatWasKnownLastGoesOnToCount() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/carbon"
        let changes = Changes()
        let intensity = Self.file(path, changes)
        intensity.refresh()
        try folder.write("100", to: "carbon")
        intensity.refresh()
        try folder.write("?", to: "carbon")
        for _ in 0..<2 { intensity.refresh() }
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == 100)
        try folder.remove("carbon")
        intensity.refresh()
        try folder.write("300", to: "carbon")
        intensity.refresh()
        #expect(intensity.gramsPerKilowattHour(at: Self.noon) == 300)
        #expect(changes.all == [.unreadable(path: path), nil, .notUnderstood(path: path, line: 1, text: "?"), nil])
    }

    @Test func aFileIsReadInTheBackground() async throws {
        let folder = try TemporaryFolder()
        try folder.write("2026-01-31T12:00:00Z,100\n2026-01-31T12:30:00Z,200\n", to: "carbon")
        let intensity = CarbonIntensity(.file(folder.path + "/carbon"), now: { Self.noon }) { _ in }
        while intensity.gramsPerKilowattHour == nil { await Task.yield() }
        #expect(intensity.gramsPerKilowattHour == 100)
    }

    @Test func aCommandTellsIt() async throws {
        let command = try ExternalCommand(path: "/bin/echo", arguments: ["carbon: 42.5 g/kWh"])
        let intensity = CarbonIntensity(.command(command), interval: 3_600_000_000_000) { _ in }
        // Known as soon as the program has ended, on a thread that the first question starts.
        while intensity.gramsPerKilowattHour == nil { await Task.yield() }
        #expect(intensity.gramsPerKilowattHour == 42.5)
    }

    @Test func aCommandMayFail() throws {
        let changes = Changes()
        let intensity = CarbonIntensity(.command(try ExternalCommand(path: "/bin/false"))) { changes.add($0) }
        intensity.refresh()
        #expect(changes.all == [.command(.exited(path: "/bin/false", code: 1))])
    }
}
