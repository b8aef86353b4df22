import Testing

@testable import NoiseMeter

struct WaveFileTests {
    @Test("what is no WAV file says why", arguments: ["", "RIFF", "RIFF....WAVE", "RIFF....WAVEdata\u{1}\0\0\0x"])
    func refused(text: String) {
        #expect(throws: WaveError.self) { try WaveFile(Array(text.utf8)) }
    }

    @Test("a file that is cut off counts as far as it goes")
    func cutOff() throws {
        let bytes = Recording(seconds: 1) { _, _ in 0.5 }.bytes
        #expect(try WaveFile(Array(bytes.dropLast(1001))).frames == 48_000 - 501)
    }

    @Test("mutated headers never crash")
    func mutated() {
        let bytes = Recording(seconds: 0.01) { time, _ in time }.bytes
        var state: UInt64 = 1
        for _ in 0..<2000 {
            var copy = bytes
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                copy[Int(state >> 33) % 64] = UInt8(truncatingIfNeeded: state >> 24)
            }
            if let file = try? WaveFile(copy) { _ = file.sample(file.frames - 1, channel: file.channels - 1) }
        }
    }
}
