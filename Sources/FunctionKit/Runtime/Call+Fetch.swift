import Synchronization

/// Requests through the egress broker, as part of a call.
extension Call {
    /// Begins a request; throws where there is nobody to make it.
    func makeFetch() throws(FunctionError) -> Fetch {
        guard isConnected else {
            throw FunctionError("egress.broker", "there is no egress broker in a test of a handler")
        }
        if isCancelled { throw .cancelled }
        guard !hasEnded else { throw FunctionError("CallEnded", "the call has ended") }
        return fetches.withLock { $0.insert(of: self) }
    }

    /// A request has ended.
    func forget(_ fetch: Fetch) { fetches.withLock { $0.remove(fetch.number) } }

    /// Sends a frame of a request.
    func send(
        _ type: FrameType,
        of fetch: Fetch,
        isEnd: Bool = false,
        _ build: (inout [UInt8]) -> Void
    ) {
        // Once the call has ended, the node has ended its requests too.
        guard !hasEnded else { return }
        sendFrame(type, isEnd: isEnd) { payload in
            payload.appendInteger(fetch.number)
            build(&payload)
        }
    }

    /// Takes a frame of a request; one of a request that has ended is dropped.
    func receiveFetch(_ frame: Frame) throws(FrameError) {
        var cursor = ByteCursor()
        guard let number = cursor.integer(UInt32.self, in: frame.payload.span) else { throw .malformed(frame.type) }
        guard let fetch = fetches.withLock({ $0[number] }) else { return }
        try fetch.receive(frame.type, frame.payload[cursor.offset...], isEnd: frame.isEnd)
        ring()
    }

    /// Ends all requests: nobody waits for the call any more.
    func failFetches(_ error: FunctionError) { fetches.withLock { $0.all }.forEach { $0.fail(error) } }
}
