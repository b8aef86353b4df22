#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes a recording through its blocks and keeps the sums; see `NoiseReport` for how.
struct NoiseMeter {
    /// The sum of the squares of the A-weighted samples of all channels.
    private(set) var weightedEnergy = 0.0
    /// The sum of the squares of the samples in each octave band.
    private(set) var bandEnergies = [Double](repeating: 0, count: OctaveBand.all.count)
    /// The highest time-weighted square, all channels together.
    private(set) var maximum = 0.0
    /// When that was.
    private(set) var maximumFrame = 0

    private let transform: FourierTransform
    private let window: [Double]
    /// The weighting of each bin.
    private let gains: [Double]
    /// The octave band of each bin.
    private let bandOfBin: [Int?]
    /// How much of a new square the time weighting takes.
    private let share: Double
    private var follower = 0.0
    private var real: [Double]
    private var imaginary: [Double]
    /// The second half of the last block's weighted signal, which the next block completes.
    private var pendingReal: [Double]
    private var pendingImaginary: [Double]

    /// Prepares for recordings of a sampling rate; blocks have at least 0.3 s.
    init(sampleRate: Int, timeConstant: Double) {
        var size = 256
        while Double(size) < 0.3 * Double(sampleRate) { size *= 2 }
        let frequencies = (0..<size).map { Double(min($0, size - $0)) * Double(sampleRate) / Double(size) }
        self.transform = FourierTransform(size: size)
        self.window = (0..<size).map { sin(.pi * (Double($0) + 0.5) / Double(size)) }
        self.gains = frequencies.map { $0 > 0 ? AWeighting.gain($0) : 0 }
        self.bandOfBin = frequencies.map { frequency in
            OctaveBand.all.firstIndex { $0.edges.contains(frequency) }
        }
        self.share = 1 - exp(-1 / (timeConstant * Double(sampleRate)))
        self.real = Array(repeating: 0, count: size)
        self.imaginary = real
        self.pendingReal = Array(repeating: 0, count: size / 2)
        self.pendingImaginary = pendingReal
    }

    /// Goes through a recording, once.
    mutating func measure(_ file: WaveFile) {
        let half = transform.size / 2
        for start in stride(from: -half, to: file.frames, by: half) {
            for index in 0..<transform.size {
                real[index] = file.sample(start + index, channel: 0) * window[index]
                imaginary[index] = file.sample(start + index, channel: 1) * window[index]
            }
            transform.transform(&real, &imaginary)
            weigh()
            transform.transform(&imaginary, &real)
            follow(from: start, frames: file.frames)
        }
    }

    /// Adds up the energies of a block and weights its spectrum.
    private mutating func weigh() {
        let scale = 1 / Double(transform.size)
        for bin in 0..<transform.size {
            let energy = (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]) * scale
            if let band = bandOfBin[bin] { bandEnergies[band] += energy }
            weightedEnergy += energy * gains[bin] * gains[bin]
            real[bin] *= gains[bin] * scale
            imaginary[bin] *= gains[bin] * scale
        }
    }

    /// Completes the first half of the block in time and follows its squares.
    private mutating func follow(from start: Int, frames: Int) {
        let half = transform.size / 2
        for index in 0..<half {
            let left = pendingReal[index] + real[index] * window[index]
            let right = pendingImaginary[index] + imaginary[index] * window[index]
            pendingReal[index] = real[index + half] * window[index + half]
            pendingImaginary[index] = imaginary[index + half] * window[index + half]
            guard (0..<frames).contains(start + index) else { continue }
            follower += (left * left + right * right - follower) * share
            if follower > maximum {
                maximum = follower
                maximumFrame = start + index
            }
        }
    }
}
