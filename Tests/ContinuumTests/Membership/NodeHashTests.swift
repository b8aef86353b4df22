import Continuum
import Domain
import Testing

/// Numbers that nodes draw without a die.
struct NodeHashTests {
    @Test("the numbers are the same on every machine and in every version")
    func known() throws {
        // Reckoned by a second implementation, in Python.
        #expect(try NodeHash.value(of: "key", on: NodeName("node")) == 0x979f_c685_7a48_56f9)
    }

    @Test("numbers of similar texts and names are spread evenly")
    func even() throws {
        var counts = [Int](repeating: 0, count: 16)
        for index in 0..<16_000 {
            counts[Int(try NodeHash.value(of: "edge-1 \(index)", on: NodeName("edge-\(index % 7)")) >> 60)] += 1
        }
        // Chance alone gives a deviation of 31 around 1000; 150 are 4.8 of them.
        #expect(counts.allSatisfy { (850...1150).contains($0) }, "\(counts)")
    }
}
