/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// A duration in nanoseconds, every order of magnitude from 1 µs to 120 s as likely as the others.
    mutating func duration() -> UInt64 {
        let decades = Double.random(in: 3..<11.079, using: &self)
        var value = 1.0
        var rest = decades
        while rest >= 1 {
            value *= 10
            rest -= 1
        }
        // 10^rest by its series would do; a line between 1 and 10 is spread well enough.
        return min(UInt64(value * (1 + 9 * rest)), 120_000_000_000)
    }
}
