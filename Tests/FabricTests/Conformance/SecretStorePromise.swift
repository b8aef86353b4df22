import Domain
import Fabric
import Testing

/// What every implementation of ``SecretStore`` promises; each is checked on a store that is empty.
enum SecretStorePromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case keepsValues = "a value comes back as it was set, empty or of any bytes"
    case replaces = "setting a secret again replaces it"
    case lists = "names come ordered, with the time of their last change"
    case deletes = "a deleted secret is gone, and deleting it again says so"
    case bounds = "a value of more than 64 KiB is refused"

    var testDescription: String { rawValue }

    /// Checks the promise; the store must be empty.
    func check(_ store: some SecretStore) async throws {
        let one = try SecretName("ONE")
        let two = try SecretName("TWO")
        switch self {
        case .keepsValues:
            let bytes = (0..<SecretLimits.largestValue).map { UInt8(truncatingIfNeeded: $0) }
            try await store.put(one, value: bytes, at: Sample.time(1))
            try await store.put(two, value: [], at: Sample.time(1))
            #expect(try await store.value(one) == bytes)
            #expect(try await store.value(two) == [])
            #expect(try await store.value(SecretName("THREE")) == nil)
        case .replaces:
            try await store.put(one, value: [1], at: Sample.time(1))
            try await store.put(one, value: [2], at: Sample.time(2))
            #expect(try await store.value(one) == [2])
            #expect(try await store.names().map(\.changed) == [Sample.time(2)])
        case .lists:
            #expect(try await store.names().isEmpty)
            try await store.put(two, value: [2], at: Sample.time(2))
            try await store.put(one, value: [1], at: Sample.time(1))
            let names = try await store.names()
            #expect(names.map(\.name) == [one, two])
            #expect(names.map(\.changed) == [Sample.time(1), Sample.time(2)])
        case .deletes:
            try await store.put(one, value: [1], at: Sample.time(1))
            #expect(try await store.delete(one))
            #expect(try await store.value(one) == nil)
            #expect(try await store.delete(one) == false)
        case .bounds:
            let bytes = [UInt8](repeating: 1, count: SecretLimits.largestValue + 1)
            await #expect(throws: SecretError.tooLarge(one, bytes: bytes.count)) {
                try await store.put(one, value: bytes, at: Sample.time(1))
            }
            #expect(try await store.value(one) == nil)
        }
    }
}
