#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The fast Fourier transform of a fixed size, in place, radix 2.
struct FourierTransform {
    /// A power of two.
    let size: Int
    private let cosines: [Double]
    private let sines: [Double]

    /// Prepares for a size that is a power of two.
    init(size: Int) {
        precondition(size > 0 && size & (size - 1) == 0, "a radix-2 transform has a power of two")
        self.size = size
        self.cosines = (0..<(size / 2)).map { cos(2 * .pi * Double($0) / Double(size)) }
        self.sines = (0..<(size / 2)).map { -sin(2 * .pi * Double($0) / Double(size)) }
    }

    /// Transforms; the inverse is the same with the two arguments exchanged, but for a factor of `size`.
    func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        reorder(&real, &imaginary)
        var half = 1
        while half < size {
            let step = size / (2 * half)
            for start in stride(from: 0, to: size, by: 2 * half) {
                for index in 0..<half {
                    let (cosine, sine) = (cosines[index * step], sines[index * step])
                    let (low, high) = (start + index, start + index + half)
                    let turnedReal = real[high] * cosine - imaginary[high] * sine
                    let turnedImaginary = real[high] * sine + imaginary[high] * cosine
                    real[high] = real[low] - turnedReal
                    imaginary[high] = imaginary[low] - turnedImaginary
                    real[low] += turnedReal
                    imaginary[low] += turnedImaginary
                }
            }
            half *= 2
        }
    }

    /// Brings the values into the order of their reversed bits.
    private func reorder(_ real: inout [Double], _ imaginary: inout [Double]) {
        var reversed = 0
        for index in 1..<max(size, 1) {
            var bit = size / 2
            while reversed & bit != 0 {
                reversed ^= bit
                bit /= 2
            }
            reversed |= bit
            if index < reversed {
                real.swapAt(index, reversed)
                imaginary.swapAt(index, reversed)
            }
        }
    }
}
