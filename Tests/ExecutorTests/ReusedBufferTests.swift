import Executor
import NIOCore
import Testing

struct ReusedBufferTests {
    @Test("what a channel still holds is not written over")
    func held() {
        var reused = ReusedBuffer()
        let first = reused.filled(with: Array("first".utf8))
        let second = reused.filled(with: Array("second one".utf8))
        #expect(String(buffer: first) == "first" && String(buffer: second) == "second one")
        #expect(String(buffer: reused.filled(with: [])).isEmpty)
        #expect(String(buffer: second) == "second one")
    }

    @Test("memory is used again, but for that of what is long")
    func reuse() {
        var reused = ReusedBuffer()
        let small = [UInt8](repeating: 1, count: 900)
        let capacity = reused.filled(with: small).storageCapacity
        let long = [UInt8](repeating: 2, count: 100_000)
        #expect(Array(buffer: reused.filled(with: long)) == long)
        let again = reused.filled(with: Array(small.prefix(10)))
        #expect(again.storageCapacity == capacity && Array(buffer: again) == Array(small.prefix(10)))
    }
}
