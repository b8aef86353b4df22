import Domain
import Fabric
import Testing

@Suite("Embedded keeps the promises of every fabric")
struct EmbeddedConformanceTests {
    private let folder: TemporaryFolder
    private let store: EmbeddedStore

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try EmbeddedStore(folder: folder.path)
    }

    @Test("journal", arguments: JournalPromise.allCases)
    func journal(_ promise: JournalPromise) async throws {
        try await promise.check(store.journal)
        await store.close()
    }

    @Test("registry", arguments: RegistryPromise.allCases)
    func registry(_ promise: RegistryPromise) async throws {
        try await promise.check(store.registry)
        await store.close()
    }

    @Test("records", arguments: RecordStorePromise.allCases)
    func records(_ promise: RecordStorePromise) async throws {
        try await promise.check(store.records)
        await store.close()
    }

    @Test("secrets", arguments: SecretStorePromise.allCases)
    func secrets(_ promise: SecretStorePromise) async throws {
        try await promise.check(store.secrets)
        await store.close()
    }

    @Test("tokens", arguments: TokenStorePromise.allCases)
    func tokens(_ promise: TokenStorePromise) async throws {
        try await promise.check(store.tokens)
        await store.close()
    }
}
