import Domain
import Fabric
import Foundation
import GRDB
import Testing

@Suite("Embedded secrets")
struct EmbeddedSecretTests {
    private let folder: TemporaryFolder
    private let one: SecretName
    private let two: SecretName
    private let value = Array("correct horse battery staple".utf8)

    init() async throws {
        self.folder = try TemporaryFolder()
        self.one = try SecretName("ONE")
        self.two = try SecretName("TWO")
        let store = try EmbeddedStore(folder: folder.path)
        try await store.secrets.put(one, value: value, at: Sample.time(1))
        try await store.secrets.put(two, value: value, at: Sample.time(2))
        await store.close()
    }

    @Test("the value is in no file, and equal values look different")
    func encrypted() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        // Also while the write-ahead log is there.
        try await store.secrets.put(one, value: value, at: Sample.time(3))
        let cut = try folder.snapshot()
        await store.close()
        for place in [folder, cut] {
            for name in try place.names() {
                #expect(try place.content(name).range(of: Data(value)) == nil, "\(name)")
            }
        }
        #expect(try await sealed(one) != sealed(two))
        #expect(try folder.content("secrets.key").count == 32)
    }

    @Test("a changed value is refused by name and can be set again", arguments: [0, 15, 30])
    func tampered(position: Int) async throws {
        var bytes = try await sealed(one)
        bytes[position] ^= 1
        try await replace(one, with: bytes)
        let store = try EmbeddedStore(folder: folder.path)
        await #expect(throws: SecretError.undecipherable(one)) { try await store.secrets.value(one) }
        #expect(try await store.secrets.value(two) == value)
        try await store.secrets.put(one, value: [1], at: Sample.time(3))
        #expect(try await store.secrets.value(one) == [1])
        await store.close()
    }

    @Test("a value that was cut is refused", arguments: [0, 5, 27])
    func cut(length: Int) async throws {
        try await replace(one, with: sealed(one).prefix(length))
        let store = try EmbeddedStore(folder: folder.path)
        await #expect(throws: SecretError.undecipherable(one)) { try await store.secrets.value(one) }
        await store.close()
    }

    @Test("a value moved to another name is refused")
    func swapped() async throws {
        try await replace(one, with: sealed(two))
        let store = try EmbeddedStore(folder: folder.path)
        await #expect(throws: SecretError.undecipherable(one)) { try await store.secrets.value(one) }
        await store.close()
    }

    @Test("another key is refused, and the error shows neither key nor value")
    func wrongKey() async throws {
        try folder.write(Data(repeating: 7, count: 32), to: "secrets.key")
        let store = try EmbeddedStore(folder: folder.path)
        await #expect(throws: SecretError.undecipherable(one)) { try await store.secrets.value(one) }
        await store.close()
        #expect("\(SecretError.undecipherable(one))".contains("'ONE' cannot be decrypted"))
    }

    @Test("a key of a wrong length is damaged")
    func shortKey() throws {
        try folder.write(Data(repeating: 7, count: 31), to: "secrets.key")
        let error = #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder.path) }
        #expect(error == .damaged(path: folder.file("secrets.key"), reason: "a key has 32 bytes"))
    }

    @Test("a missing key is told, never silently replaced, until the old secrets are deleted")
    func missingKey() async throws {
        try folder.remove("secrets.key")
        let store = try EmbeddedStore(folder: folder.path)
        let missing = SecretError.keyMissing(path: folder.file("secrets.key"))
        await #expect(throws: missing) { try await store.secrets.value(one) }
        await #expect(throws: missing) { try await store.secrets.put(one, value: [1], at: Sample.time(3)) }
        #expect(try await store.secrets.names().map(\.name) == [one, two])
        #expect(try await store.secrets.delete(one))
        #expect(try await store.secrets.delete(two))
        try await store.secrets.put(one, value: [1], at: Sample.time(3))
        #expect(try await store.secrets.value(one) == [1])
        await store.close()
    }

    private func sealed(_ name: SecretName) async throws -> Data {
        let queue = try DatabaseQueue(path: folder.file("registry.sqlite"))
        let data = try await queue.read { db in
            try Data.fetchOne(db, sql: "SELECT sealed FROM secret WHERE name = ?", arguments: [name.text])
        }
        try queue.close()
        return try #require(data)
    }

    private func replace(_ name: SecretName, with sealed: Data) async throws {
        let queue = try DatabaseQueue(path: folder.file("registry.sqlite"))
        try await queue.write { db in
            try db.execute(sql: "UPDATE secret SET sealed = ? WHERE name = ?", arguments: [sealed, name.text])
        }
        try queue.close()
    }
}
