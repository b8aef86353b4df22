/// Four candidates' values side by side, which one instruction computes with.
///
/// Four of single precision are what every machine's vector registers hold; wider types and masks were measured to be
/// taken apart by the compiler. For the same reason conditions are numbers here, 1 and 0, that are multiplied and added.
typealias Lanes = SIMD4<Float>

extension Lanes {
    /// 1 where a value is at most `limit`, 0 elsewhere.
    @inline(__always)
    func isAtMost(_ limit: Float) -> Lanes {
        var result = Lanes()
        for lane in 0..<4 { result[lane] = self[lane] <= limit ? 1 : 0 }
        return result
    }

    /// 1 where a value is that one, 0 elsewhere.
    @inline(__always)
    func isEqual(to value: Float) -> Lanes {
        var result = Lanes()
        for lane in 0..<4 { result[lane] = self[lane] == value ? 1 : 0 }
        return result
    }

    /// The lesser of two values in each lane.
    @inline(__always)
    func lesser(_ other: Lanes) -> Lanes {
        var result = Lanes()
        for lane in 0..<4 { result[lane] = self[lane] < other[lane] ? self[lane] : other[lane] }
        return result
    }

    /// Each value, but at least 0.
    @inline(__always)
    var positive: Lanes {
        var result = Lanes()
        for lane in 0..<4 { result[lane] = self[lane] > 0 ? self[lane] : 0 }
        return result
    }

    /// Each value, but 10³⁰ more where `condition` is 0: far beyond all that is compared.
    @inline(__always)
    func unless(_ condition: Lanes) -> Lanes { self + (1 - condition) * Self.beyond }

    /// What ``unless(_:)`` adds.
    static var beyond: Float { 1e30 }

    /// The greatest value that takes part in comparisons.
    static var comparable: Float { 1e29 }

    /// The values of the lanes where `condition` is 0, and `value` where it is 1.
    @inline(__always)
    func setting(_ value: Float, where condition: Lanes) -> Lanes {
        var result = Lanes()
        for lane in 0..<4 { result[lane] = condition[lane] == 1 ? value : self[lane] }
        return result
    }
}
