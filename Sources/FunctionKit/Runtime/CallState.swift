/// Where one call stands: what of its body has come, what of its answer may go, and whether anybody waits.
///
/// Frames and the handler's wishes go in, what to do comes out; no I/O.
package struct CallState {
    /// How far the answer is.
    ///
    /// `none` → `begun` → `ended`, or `none` → `ended`.
    enum Answer {
        case none
        case begun
        case ended
    }

    /// What there is for a handler that wants more of the body.
    package enum ChunkStep: Equatable {
        /// A piece; when `grant` is not zero, a window of that many bytes is due.
        case chunk([UInt8], grant: Int)
        /// Nothing; the body is over.
        case end
        /// Nothing yet.
        case wait
        /// Nothing, for this reason.
        case fail(FunctionError)
    }

    /// What there is for a handler that wants to send a part of the answer.
    package enum SendStep: Equatable {
        /// So many bytes may be sent, and are taken off the window.
        case send(Int)
        /// Nothing may be sent yet.
        case wait
        /// Nothing may be sent, for this reason.
        case fail(FunctionError)
    }

    private let number: UInt64
    private var chunks: ArraySlice<[UInt8]> = []
    private var isBodyComplete: Bool
    /// Body bytes that may still come.
    private var allowance = WireLimits.window
    /// Body bytes that the handler took and that were not yet granted anew.
    private var consumed = 0
    /// Body bytes of the answer that may still be sent.
    private var sendWindow = WireLimits.window
    private(set) var answer = Answer.none
    private(set) var isCancelled = false
    private var isDisconnected = false

    /// A call begins with a part of its body.
    package init(number: UInt64, firstBytes: [UInt8], isBodyComplete: Bool) {
        self.number = number
        self.isBodyComplete = isBodyComplete
        allowance -= firstBytes.count
        if !firstBytes.isEmpty { chunks.append(firstBytes) }
    }

    // MARK: - From the node

    /// Whether the node has kept to the window so far.
    var isWithinWindow: Bool { allowance >= 0 }

    /// More of the body has come.
    package mutating func receiveBody(_ bytes: [UInt8], isEnd: Bool) throws(FrameError) {
        guard !isBodyComplete else { throw .unexpected(.body, call: number) }
        allowance -= bytes.count
        guard isWithinWindow else { throw .windowExceeded(call: number) }
        if !bytes.isEmpty { chunks.append(bytes) }
        isBodyComplete = isEnd
    }

    /// The node takes more of the answer.
    package mutating func receiveWindow(_ bytes: UInt32) throws(FrameError) {
        let (sum, overflow) = sendWindow.addingReportingOverflow(Int(bytes))
        guard !overflow, sum <= Int(UInt32.max) else { throw .windowExceeded(call: number) }
        sendWindow = sum
    }

    /// Nobody waits any more.
    package mutating func cancel() { isCancelled = true }

    /// The node is gone.
    mutating func disconnect() {
        isDisconnected = true
        isCancelled = true
    }

    // MARK: - From the handler

    /// Takes the next piece of the body.
    package mutating func takeChunk() -> ChunkStep {
        if let failure { return .fail(failure) }
        guard let chunk = chunks.popFirst() else { return isBodyComplete ? .end : .wait }
        guard !isBodyComplete else { return .chunk(chunk, grant: 0) }
        consumed += chunk.count
        guard consumed >= WireLimits.windowStep else { return .chunk(chunk, grant: 0) }
        let grant = consumed
        allowance += grant
        consumed = 0
        return .chunk(chunk, grant: grant)
    }

    /// The answer begins.
    package mutating func begin() throws(FunctionError) {
        if let failure { throw failure }
        guard answer == .none else { throw FunctionError("ResponseBegun", "the response has begun already") }
        answer = .begun
    }

    /// Takes up to `wanted` bytes off the window, as many as one frame takes.
    package mutating func reserve(_ wanted: Int) -> SendStep {
        if let failure { return .fail(failure) }
        let count = min(wanted, sendWindow, WireLimits.bodyChunk)
        guard count > 0 || wanted == 0 else { return .wait }
        sendWindow -= count
        return .send(count)
    }

    /// The answer is over.
    ///
    /// - Returns: whether it was not over before.
    package mutating func end() -> Bool {
        guard answer != .ended else { return false }
        answer = .ended
        chunks = []
        return true
    }

    /// Why the handler should stop, if it should.
    private var failure: FunctionError? {
        if isDisconnected { return .disconnected }
        if isCancelled { return .cancelled }
        if answer == .ended { return FunctionError("CallEnded", "the call has ended") }
        return nil
    }
}
