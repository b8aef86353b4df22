import Glibc
import NIOCore

/// The wide-area network: when what is sent now arrives.
///
/// Confined to the event loop.
final class Wire {
    /// Which way something goes: as the connection was opened, or back.
    enum Direction {
        case there
        case back
    }

    /// From one end to the other, without jitter.
    let delay: TimeAmount
    private let jitter: TimeAmount
    private let bytesPerNanosecond: Double?
    private let dropFile: String?
    private var state: UInt64
    /// Until when the wire sends what it was given before.
    private var sendsThereUntil = NIODeadline.uptimeNanoseconds(0)
    private var sendsBackUntil = NIODeadline.uptimeNanoseconds(0)
    /// Whether nothing passes at present.
    private(set) var isCut = false

    init(delay: TimeAmount, jitter: TimeAmount, megabits: Double?, seed: UInt64, dropFile: String?) {
        self.delay = delay
        self.jitter = jitter
        self.bytesPerNanosecond = megabits.map { $0 / 8000 }
        self.state = seed
        self.dropFile = dropFile
    }

    /// Looks whether the file that cuts the wire is there, and says so when that changed.
    func look() {
        guard let dropFile else { return }
        // SAFETY: the string lives for the call, which only reads it.
        let isCut = unsafe access(dropFile, F_OK) == 0
        guard isCut != self.isCut else { return }
        self.isCut = isCut
        print(isCut ? "cut" : "mended")
        fflush(nil)
    }

    /// When the last of so many bytes arrives that are sent at a moment.
    func arrival(of bytes: Int, sent moment: NIODeadline, _ direction: Direction) -> NIODeadline {
        let sent = departure(of: bytes, at: moment, direction)
        let spread = jitter.nanoseconds
        return sent + delay + .nanoseconds(spread == 0 ? 0 : Int64(next() % UInt64(2 * spread + 1)) - spread)
    }

    private func departure(of bytes: Int, at moment: NIODeadline, _ direction: Direction) -> NIODeadline {
        guard let bytesPerNanosecond else { return moment }
        let until = direction == .there ? sendsThereUntil : sendsBackUntil
        let sent = max(moment, until) + .nanoseconds(Int64(Double(bytes) / bytesPerNanosecond))
        if direction == .there { sendsThereUntil = sent } else { sendsBackUntil = sent }
        return sent
    }

    /// The next number of SplitMix64.
    private func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
