/// Two buffers that are copied into one another.
struct CopyBuffers {
    private var source: [UInt8]
    private var target: [UInt8]

    /// Makes buffers of `size` bytes, with all their pages there.
    init(size: Int, seed: UInt8) {
        self.source = [UInt8](repeating: seed, count: size)
        self.target = [UInt8](repeating: ~seed, count: size)
    }

    /// A byte that depends on all copies.
    var witness: UInt8 { target[target.count / 2] }

    /// Copies one into the other, the other way round than last time; the number of bytes.
    @inline(never)
    mutating func copy() -> Double {
        // A change, so that no copy is the same as one before.
        source[source.count / 2] &+= 1
        // SAFETY: both buffers have as many bytes and live as long as the call; they do not overlap.
        unsafe source.withUnsafeBytes { from in
            unsafe target.withUnsafeMutableBytes { to in
                unsafe to.copyMemory(from: from)
            }
        }
        swap(&source, &target)
        return Double(source.count)
    }
}
