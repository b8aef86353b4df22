import Continuum
import Foundation
import Testing

@Suite("Maps of bounded size")
struct BoundedUnionTests {
    @Test(
        "merging is commutative, associative and idempotent although entries are dropped",
        arguments: 0..<200 as Range<UInt64>
    )
    func merging(seed: UInt64) {
        var random = IdentityRandom(seed: seed)
        let (one, two, three) = (Self.some(using: &random), Self.some(using: &random), Self.some(using: &random))
        #expect(Self.merged(one, one) == one)
        #expect(Self.merged(one, two) == Self.merged(two, one))
        #expect(Self.merged(Self.merged(one, two), three) == Self.merged(one, Self.merged(two, three)))
        #expect(Self.merged(Self.merged(one, two), two) == Self.merged(one, two))
    }

    @Test("it keeps what is greatest, and no more than its limit")
    func bound() {
        var union = BoundedUnion<Int>(limit: 3)
        for value in [5, 1, 4, 2, 3] { union.insert(value, for: "\(value)") }
        #expect(union.entries == ["3": 3, "4": 4, "5": 5])
        union.insert(2, for: "5")
        #expect(union["5"] == 5)
        union.insert(9, for: "3")
        #expect(union["3"] == 9)
    }

    @Test("what comes from outside is cut to the bound")
    func decoding() throws {
        let entries = Dictionary(uniqueKeysWithValues: (0..<3000).map { ("\($0)", $0) })
        let union = try JSONDecoder().decode(BoundedUnion<Int>.self, from: JSONEncoder().encode(entries))
        #expect(union.entries.count == BoundedUnion<Int>.defaultLimit)
        #expect(union.entries.values.min() == 3000 - BoundedUnion<Int>.defaultLimit)
    }

    private static func some(using random: inout IdentityRandom) -> BoundedUnion<Int> {
        var union = BoundedUnion<Int>(limit: 3)
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            union.insert(Int.random(in: 0..<6, using: &random), for: "\(Int.random(in: 0..<6, using: &random))")
        }
        return union
    }

    private static func merged(_ one: BoundedUnion<Int>, _ two: BoundedUnion<Int>) -> BoundedUnion<Int> {
        var merged = one
        merged.merge(two)
        return merged
    }
}
