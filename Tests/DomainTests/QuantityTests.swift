import Domain
import Testing

struct QuantityTests {
    @Test(
        "parses sizes",
        arguments: [
            ("0", 0), ("1024", 1024), ("1KiB", 1024), ("128MiB", 134_217_728), ("1GiB", 1_073_741_824),
            ("64MB", 64_000_000),
            ("5 MiB", 5_242_880), ("7B", 7),
        ] as [(String, UInt64)]
    )
    func sizes(raw: String, bytes: UInt64) throws {
        #expect(try ByteSize(raw).bytes == bytes)
    }

    @Test(
        "refuses sizes",
        arguments: ["", "-1", "+1", "1.5MiB", "MiB", "1XB", "99999999999999999999", "16000000000GiB"]
    )
    func badSizes(_ raw: String) {
        #expect(throws: Invalid.self) { try ByteSize(raw) }
    }

    @Test("a size reads back", arguments: [0, 1, 1023, 1024, 1 << 20, 3 << 30, 12_345] as [UInt64])
    func sizeRoundTrip(_ bytes: UInt64) throws {
        #expect(try ByteSize(ByteSize(bytes: bytes).text).bytes == bytes)
    }

    @Test(
        "parses times",
        arguments: [
            ("30s", 30_000_000), ("200ms", 200_000), ("250us", 250), ("5m", 300_000_000), ("1.5h", 5_400_000_000),
            ("2", 2_000_000),
            ("0s", 0), ("1d", 86_400_000_000),
        ] as [(String, Int64)]
    )
    func times(raw: String, microseconds: Int64) throws {
        #expect(try TimeSpan(raw).microseconds == microseconds)
    }

    @Test("refuses times", arguments: ["", "s", "-1s", "nan", "inf", "1e99h", "1 year", "0x10s"])
    func badTimes(_ raw: String) {
        #expect(throws: Invalid.self) { try TimeSpan(raw) }
    }

    @Test(
        "writes and reads RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_795_000_000_123_456, "2026-11-18T11:06:40.123456Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (4_102_444_799_999_999, "2099-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)]
    )
    func timestamps(microseconds: Int64, text: String) throws {
        #expect(Timestamp(microseconds: microseconds).text == text)
        #expect(try Timestamp(text).microseconds == microseconds)
    }

    @Test("a date reads back for every day of 400 years")
    func civilDates() {
        for day in stride(from: Int64(-80_000), through: 146_097, by: 1) where CivilDate(days: day).days != day {
            Issue.record("day \(day) does not read back")
        }
    }
}
