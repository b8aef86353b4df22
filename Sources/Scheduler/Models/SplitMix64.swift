/// A small generator of random numbers that one word seeds.
///
/// A decision draws one word from the generator it is given and takes all further chance from this one, so that the word
/// in its record replays it. Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence of `seed`.
    package init(seed: UInt64) { self.state = seed }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 up to, but not with, 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number from 0 up to, but not with, `count`, which is at least 1.
    ///
    /// Lemire's multiply-shift without its rejection: biased by less than count / 2^64.
    package mutating func index(below count: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(1, count))).high)
    }

    /// Scrambles a word so that each bit of it changes half of the result's.
    package static func mix(_ word: UInt64) -> UInt64 {
        var z = word
        z = (z ^ (z >> 20)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 21)
    }
}
