/// Comparison that takes the same time wherever two texts differ, so that secrets cannot be guessed byte by byte.
package enum ConstantTime {
    /// Whether both are the same text.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
