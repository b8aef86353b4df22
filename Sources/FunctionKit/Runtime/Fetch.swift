import Synchronization

/// One request through the egress broker: the shell around `FetchState`, which sends, waits and wakes.
final class Fetch: Sendable {
    private struct Shared {
        var state: FetchState
        var hasNews = false
        /// The task that waits.
        var waiter: CheckedContinuation<Void, Never>?
    }

    let number: UInt32
    private let call: Call
    private let shared: Mutex<Shared>

    init(number: UInt32, of call: Call) {
        self.number = number
        self.call = call
        self.shared = Mutex(Shared(state: FetchState(limit: call.environment.maximumBody)))
    }

    // MARK: - From the node

    /// Takes a frame; `bytes` are its payload without the number of the fetch.
    func receive(_ type: FrameType, _ bytes: ArraySlice<UInt8>, isEnd: Bool) throws(FrameError) {
        let bytes = Array(bytes)
        let grant = try update { state throws(FrameError) in
            switch type {
            case .fetchWindow:
                try state.receiveWindow(WindowPayload(decoding: bytes.span).bytes, call: call.number)
            case .fetchResponse:
                let (head, end) = try ResponseHead.decode(bytes.span)
                guard end == bytes.count else { throw .malformed(type) }
                try state.receiveHead(head, isEnd: isEnd, call: call.number)
            case .fetchBody: return try state.receiveBody(bytes, isEnd: isEnd, call: call.number)
            case .fetchFailure:
                let failure = try FailurePayload(decoding: bytes.span)
                state.fail(FunctionError(failure.type, failure.message))
            default: throw .unexpected(type, call: call.number)
            }
            return 0
        }
        if grant > 0 { call.send(.fetchWindow, of: self) { $0.appendInteger(UInt32(grant)) } }
    }

    /// Ends it, and wakes who waits for it.
    func fail(_ error: FunctionError) { update { $0.fail(error) } }

    private func update<Value, Failure: Error>(
        _ change: (inout FetchState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let (value, waiter) = try shared.withLock { shared throws(Failure) in
            let value = try change(&shared.state)
            let waiter = shared.waiter
            shared.waiter = nil
            shared.hasNews = waiter == nil
            return (value, waiter)
        }
        waiter?.resume()
        return value
    }

    // MARK: - From the handler

    /// Sends the request and waits for the answer, in a thread.
    func run(_ head: FetchHead, timeout: Duration?, body: [UInt8]) throws(FunctionError) -> Response {
        begin(head, timeout: timeout)
        defer { end() }
        var sent = 0
        while true {
            if let outcome { return try outcome.get() }
            if !sendPart(of: body, from: &sent) { call.wait() }
        }
    }

    /// Sends the request and waits for the answer, in a task.
    func runInTask(_ head: FetchHead, timeout: Duration?, body: [UInt8]) async throws(FunctionError) -> Response {
        begin(head, timeout: timeout)
        defer { end() }
        let result = await withTaskCancellationHandler {
            var sent = 0
            while true {
                if let outcome { return outcome }
                if !sendPart(of: body, from: &sent) { await waitInTask() }
            }
        } onCancel: {
            fail(.cancelled)
        }
        return try result.get()
    }

    private var outcome: Result<Response, FunctionError>? { shared.withLock { $0.state.outcome } }

    private func begin(_ head: FetchHead, timeout: Duration?) {
        call.send(.fetch, of: self, isEnd: head.bodyLength == 0) { payload in
            let (seconds, attoseconds) = (timeout ?? .zero).components
            let microseconds = min(seconds, 1 << 30) * 1_000_000 + attoseconds / 1_000_000_000_000
            payload.appendInteger(UInt64(max(0, microseconds)))
            head.encode(to: &payload)
        }
    }

    /// Forgets it; tells the node where that may not know yet.
    private func end() {
        call.forget(self)
        // An answer, or a failure that came from the node, is known there; saying it once more does no harm.
        if case .failure = outcome { call.send(.fetchCancel, of: self) { _ in } }
    }

    /// Sends what may be sent of the body; false when there is nothing to do but to wait.
    private func sendPart(of body: [UInt8], from sent: inout Int) -> Bool {
        guard sent < body.count, case .send(let count) = shared.withLock({ $0.state.reserve(body.count - sent) }) else {
            return false
        }
        let range = sent..<(sent + count)
        sent += count
        call.send(.fetchBody, of: self, isEnd: sent == body.count) { $0.append(contentsOf: body[range]) }
        return true
    }

    private func waitInTask() async {
        await withCheckedContinuation { continuation in
            let isNow = shared.withLock { shared in
                let hasNews = shared.hasNews
                shared.hasNews = false
                if !hasNews { shared.waiter = continuation }
                return hasNews
            }
            if isNow { continuation.resume() }
        }
    }
}
