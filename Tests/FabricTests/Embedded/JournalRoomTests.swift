import Domain
import Fabric
import Testing

@Suite("The journal's room")
struct JournalRoomTests {
    private static let mebibyte = 1 << 20
    private let limits = JournalLimits(maximumBytes: .mebibytes(100), reserve: .mebibytes(16))

    private func room(
        database: Int,
        reusable: Int = 0,
        file: Int? = nil,
        log: Int = 0,
        disk: Int?
    ) -> Int {
        let mebibyte = Self.mebibyte
        let room = JournalRoom(
            databaseBytes: database * mebibyte,
            reusableBytes: reusable * mebibyte,
            fileBytes: (file ?? database) * mebibyte,
            logBytes: log * mebibyte,
            diskBytes: disk.map { $0 * mebibyte }
        )
        return room.bytes(within: limits) / mebibyte
    }

    @Test("is what the bound leaves after the reserve, when the disk is large or does not say")
    func inFile() {
        #expect(room(database: 4, disk: 100_000) == 80)
        #expect(room(database: 4, disk: nil) == 80)
        #expect(room(database: 60, reusable: 50, disk: 100_000) == 74)
        #expect(room(database: 84, disk: 100_000) == 0)
        #expect(room(database: 90, disk: 100_000) < 0)
    }

    @Test("is half of what the disk has beyond the reserve: a call is written twice")
    func onDisk() {
        #expect(room(database: 4, disk: 36) == 10)
        #expect(room(database: 4, disk: 16) == 0)
        #expect(room(database: 4, disk: 0) == 0)
    }

    @Test("counts what the database has still to grow by as gone, and the log as free")
    func promised() {
        #expect(room(database: 14, file: 4, log: 0, disk: 36) == 5)
        #expect(room(database: 14, file: 4, log: 10, disk: 36) == 10)
    }

    @Test("comes back on a crowded disk when calls are forgotten")
    func reuse() {
        #expect(room(database: 40, reusable: 30, disk: 15) == 30)
        #expect(room(database: 40, reusable: 30, disk: 8) == 30)
        #expect(room(database: 40, reusable: 30, disk: 7) == 0)
    }

    @Test("keeps 16 MiB of the disk free whatever the limits say")
    func leastReserve() {
        let reckless = JournalLimits(reserve: .kibibytes(1))
        var room = JournalRoom(databaseBytes: 0, reusableBytes: 0, fileBytes: 0, logBytes: 0, diskBytes: 16 << 20)
        #expect(room.bytes(within: reckless) == 0)
        room.diskBytes = 18 << 20
        #expect(room.bytes(within: reckless) == Self.mebibyte)
    }

    @Test("a small bound keeps a quarter of it as reserve")
    func smallBound() {
        let small = JournalLimits(maximumBytes: .mebibytes(4))
        let empty = JournalRoom(databaseBytes: 0, reusableBytes: 0, fileBytes: 0, logBytes: 0, diskBytes: nil)
        #expect(empty.bytes(within: small) == 3 * Self.mebibyte)
    }
}
