import Crypto
package import Domain
import Synchronization
import Telemetry

/// Measures what one core does in a second: four short loops, one after another.
///
/// Each loop runs in blocks of about a millisecond; the rate is that of the median block, so that a moment in which
/// something else ran does not count. Every step needs the result of the one before, and the last results are stored
/// where the optimiser cannot know that nobody looks.
package struct MicroBenchmark: Sendable {
    /// What one core did.
    package let speed: SpeedProfile

    /// Where results go so that they are needed.
    private static let sink = Atomic<UInt64>(0)

    /// Measures for `budget` nanoseconds with each of the four loops, and some milliseconds of preparation.
    package init(budget: UInt64 = 40_000_000) {
        var integer = UInt64(0x9e37_79b9_7f4a_7c15) ^ Monotonic.now()
        var floating = 1 + Double(integer & 0xff) / 256
        var buffers = CopyBuffers(size: 4 << 20, seed: UInt8(truncatingIfNeeded: integer))
        var hashed = [UInt8](repeating: UInt8(truncatingIfNeeded: integer), count: 64 << 10)
        self.speed = SpeedProfile(
            integer: Self.rate(budget) {
                integer = Self.mix(integer)
                return Double(Self.steps * 4) / 1e6
            },
            floating: Self.rate(budget) {
                floating = Self.drift(floating)
                return Double(Self.steps * 2) / 1e6
            },
            memory: Self.rate(budget) { buffers.copy() / 1e6 },
            hashing: Self.rate(budget) {
                let digest = Array(SHA256.hash(data: hashed))
                hashed.replaceSubrange(0..<digest.count, with: digest)
                return Double(hashed.count) / 1e6
            }
        )
        let results = integer ^ floating.bitPattern ^ UInt64(buffers.witness) ^ UInt64(hashed[0])
        Self.sink.store(results, ordering: .relaxed)
    }

    /// Steps in a block.
    private static let steps = 200_000

    /// How much a second `block` does; it gives how much it did.
    private static func rate(_ budget: UInt64, _ block: () -> Double) -> Double {
        var rates: [Double] = []
        let start = Monotonic.now()
        var before = start
        // The first block warms caches and clocks; it counts only where there is no other.
        repeat {
            let done = block()
            let now = Monotonic.now()
            rates.append(done / (Double(max(1, now - before)) / 1e9))
            before = now
        } while before - start < budget
        if rates.count > 1 { rates.removeFirst() }
        return rates.sorted()[rates.count / 2]
    }

    /// Four integer operations a step.
    @inline(never)
    private static func mix(_ start: UInt64) -> UInt64 {
        var value = start
        for _ in 0..<steps {
            value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            value ^= value >> 29
        }
        return value
    }

    /// Two floating-point operations a step; the value stays near one, far from denormal numbers.
    @inline(never)
    private static func drift(_ start: Double) -> Double {
        var value = start
        for _ in 0..<steps { value = value * 0.999_999_9 + 0.000_000_1 }
        return value
    }
}
