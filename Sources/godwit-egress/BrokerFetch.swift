import Egress
import FunctionKit

/// One fetch of a function, as the broker sees it: what may still be sent to the function, and what it has sent.
final class BrokerFetch {
    let id: UInt64
    let function: String
    let policy: EgressPolicy
    let limits: EgressLimits
    /// When it must be over, by the monotonic clock.
    let deadline: UInt64
    private let send: (FrameType, UInt64, Bool, (inout [UInt8]) -> Void) -> Void
    /// The request that is made for it at the moment.
    var hop: Hop?

    // The request's body.
    private var chunks: ArraySlice<[UInt8]> = []
    private var taken = 0
    private var isBodyComplete: Bool
    private var allowance = WireLimits.window
    private var ungranted = 0

    /// Bytes of the answer that the function takes now.
    private var window = WireLimits.window

    init(
        id: UInt64,
        function: String,
        policy: EgressPolicy,
        limits: EgressLimits,
        deadline: UInt64,
        hasBody: Bool,
        send: @escaping (FrameType, UInt64, Bool, (inout [UInt8]) -> Void) -> Void
    ) {
        self.id = id
        self.function = function
        self.policy = policy
        self.limits = limits
        self.deadline = deadline
        self.isBodyComplete = !hasBody
        self.send = send
    }

    /// Milliseconds that are left, at least one.
    var milliseconds: Int {
        let now = System.now
        return deadline > now ? max(1, Int((deadline - now) / 1_000_000)) : 1
    }

    // MARK: - The request's body

    /// More of it came; false when that was more than was granted, or after its end.
    func receive(body bytes: [UInt8], isEnd: Bool) -> Bool {
        allowance -= bytes.count
        guard !isBodyComplete, allowance >= 0 else { return false }
        if !bytes.isEmpty { chunks.append(bytes) }
        isBodyComplete = isEnd
        return true
    }

    /// The next bytes of it, none at its end; nil while there are none yet.
    func takeBody(atMost limit: Int) -> ArraySlice<UInt8>? {
        guard let first = chunks.first else { return isBodyComplete ? [] : nil }
        let piece = first[taken...].prefix(limit)
        taken += piece.count
        if taken == first.count {
            chunks.removeFirst()
            taken = 0
        }
        ungranted += piece.count
        if ungranted >= WireLimits.windowStep, !isBodyComplete {
            let grant = UInt32(ungranted)
            allowance += ungranted
            ungranted = 0
            send(.fetchWindow, id, false) { $0.appendInteger(grant) }
        }
        return piece
    }

    // MARK: - The answer

    /// The function takes that many more bytes of the answer.
    func grant(_ bytes: UInt32) { window = min(window + Int(bytes), Int(UInt32.max)) }

    /// Whether the function takes a piece as large as libcurl gives now.
    var takesMore: Bool { window >= WireLimits.windowStep / 2 }

    func answer(_ head: ResponseHead) { send(.fetchResponse, id, false, head.encode) }

    /// Passes bytes on to the function; false while it does not take them.
    func pass(on bytes: [UInt8]) -> Bool {
        guard window >= bytes.count else { return false }
        window -= bytes.count
        send(.fetchBody, id, false) { $0 += bytes }
        return true
    }

    func finish() { send(.fetchBody, id, true) { _ in } }

    func fail(_ error: EgressError) {
        let failure = FailurePayload(type: error.code.text, message: error.message)
        send(.fetchFailure, id, true, failure.encode)
    }

    func report(_ report: FetchReport) { send(.fetchReport, id, false, report.encode) }
}
