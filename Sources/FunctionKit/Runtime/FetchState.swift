/// Where one request through the egress broker stands: what of its body may go, what of its answer has come.
///
/// Frames and the handler's wishes go in, what to do comes out; no I/O.
package struct FetchState {
    /// What there is for a handler that sends the body.
    package enum SendStep: Equatable {
        /// So many bytes may be sent, and are taken off the window.
        case send(Int)
        case wait
        /// The answer has come, or never will: nothing more is sent.
        case stop
    }

    private var sendWindow = WireLimits.window
    /// Bytes of the answer that may still come.
    private var allowance = WireLimits.window
    private var consumed = 0
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var result: Result<Response, FunctionError>?
    private let limit: Int

    /// An answer may have `limit` bytes.
    package init(limit: Int) { self.limit = limit }

    /// How it ended; nil while it goes on.
    package var outcome: Result<Response, FunctionError>? { result }

    /// Takes up to `wanted` bytes off the window, as many as one frame takes.
    package mutating func reserve(_ wanted: Int) -> SendStep {
        if result != nil { return .stop }
        let count = min(wanted, sendWindow, WireLimits.bodyChunk)
        guard count > 0 else { return .wait }
        sendWindow -= count
        return .send(count)
    }

    // MARK: - From the node

    /// The broker takes more of the body.
    package mutating func receiveWindow(_ bytes: UInt32, call: UInt64) throws(FrameError) {
        sendWindow += Int(bytes)
        guard sendWindow <= Int(UInt32.max) else { throw .windowExceeded(call: call) }
    }

    /// It is answered.
    package mutating func receiveHead(_ head: ResponseHead, isEnd: Bool, call: UInt64) throws(FrameError) {
        guard result == nil else { return }
        guard self.head == nil else { throw .unexpected(.fetchResponse, call: call) }
        self.head = head
        if isEnd { finish(head) }
    }

    /// More of the answer has come.
    ///
    /// - Returns: bytes that are due to be granted anew; 0 for none.
    package mutating func receiveBody(
        _ bytes: some Collection<UInt8>,
        isEnd: Bool,
        call: UInt64
    ) throws(FrameError)
        -> Int
    {
        guard result == nil else { return 0 }
        guard let head else { throw .unexpected(.fetchBody, call: call) }
        allowance -= bytes.count
        guard allowance >= 0 else { throw .windowExceeded(call: call) }
        guard body.count + bytes.count <= limit else {
            fail(FunctionError("egress.size", "the answer has more than the \(limit) bytes that fit in this function"))
            return 0
        }
        body += bytes
        if isEnd {
            finish(head)
            return 0
        }
        consumed += bytes.count
        guard consumed >= WireLimits.windowStep else { return 0 }
        defer { consumed = 0 }
        allowance += consumed
        return consumed
    }

    /// It has failed, or is given up.
    package mutating func fail(_ error: FunctionError) {
        guard result == nil else { return }
        result = .failure(error)
        body = []
    }

    private mutating func finish(_ head: ResponseHead) {
        result = .success(Response(status: Int(head.status), headers: Headers(fields: head.headers), body: body))
        body = []
    }
}
