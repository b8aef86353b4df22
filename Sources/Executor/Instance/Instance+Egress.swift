import Domain
import Egress
import FunctionKit
import NIOCore

/// What an instance asks of the egress broker: the node passes it on, within bounds, for calls in flight.
extension Instance {
    /// Bytes of answers on their way that an instance which does not read them may leave: what windows allow, and heads.
    private static let unreadLimit = EgressLimits.atOnceInInstance * (WireLimits.window + WireLimits.payload / 2)

    /// Takes a frame about a request.
    func receiveEgress(_ frame: IncomingFrame) throws(FrameViolation) {
        guard let call = try call(of: frame) else { return }
        var payload = frame.payload
        guard let number = payload.readInteger(endianness: .little, as: UInt32.self) else {
            throw FrameViolation("a frame about a request does not parse")
        }
        switch frame.kind {
        case .fetch: try begin(number, payload, isEnd: frame.isEnd, of: call)
        case .fetchBody:
            guard let fetch = fetch(number, frame, of: call) else { return }
            try fetch.sends(payload.readableBytes, isEnd: frame.isEnd)
            pool.egress?.send(.fetchBody, fetch, payload, isEnd: frame.isEnd)
        case .fetchWindow:
            guard let fetch = fetch(number, frame, of: call) else { return }
            var window = payload
            try fetch.grants(try FramePayload.window(&window))
            pool.egress?.send(.fetchWindow, fetch, payload, isEnd: false)
        case .fetchCancel:
            guard let fetch = fetch(number, frame, of: call) else { return }
            giveUp(fetch)
        default: throw FrameViolation("it sent a frame that only the node sends")
        }
    }

    /// One under way; what comes for one that has ended counts as output, so that it cannot be sent without end.
    private func fetch(_ number: UInt32, _ frame: IncomingFrame, of call: Call) -> EgressFetch? {
        if let fetch = call.egress.fetches[number] { return fetch }
        wrote(frame.payload.readableBytes + FrameHeader.size)
        return nil
    }

    private func begin(_ number: UInt32, _ rest: ByteBuffer, isEnd: Bool, of call: Call) throws(FrameViolation) {
        var rest = rest
        guard let asked = rest.readInteger(endianness: .little, as: UInt64.self),
            call.egress.fetches[number] == nil
        else { throw FrameViolation("a request does not parse, or its number is in use") }
        let head: FetchHead
        do {
            var cursor = ByteCursor()
            head = try FetchHead.decode(&cursor, in: Array(rest.readableBytesView).span)
        } catch {
            throw FrameViolation("the head of a request does not parse")
        }
        guard isEnd == (head.bodyLength == 0) else {
            throw FrameViolation("a request has a body of another length than it says")
        }
        let fetch = EgressFetch(
            id: pool.egress?.makeID() ?? 0,
            number: number,
            call: call,
            instance: self,
            head: head
        )
        call.egress.count()
        let failure: EgressFailure? =
            if pool.version.spec.egress.isEmpty {
                .noEgress
            } else if pool.egress == nil {
                .noBroker
            } else if pool.egress?.isReady == false {
                .brokerLost
            } else if call.egress.begun > EgressLimits.inCall {
                .tooManyInCall
            } else if calls.values.reduce(0, { $0 + $1.egress.fetches.count }) >= EgressLimits.atOnceInInstance {
                .tooManyAtOnce
            } else {
                nil
            }
        if let failure {
            // Each is counted, so that a function which asks and asks comes to an end.
            wrote(rest.readableBytes + FrameHeader.size)
            report(fetch.record(failure), of: call)
            fail(fetch, because: failure.error)
            return
        }
        let remaining = UInt64(max(0, call.remaining.microseconds))
        call.egress.insert(fetch)
        pool.egress?.begin(
            fetch,
            rules: pool.version.spec.egress,
            microseconds: asked == 0 ? remaining : min(asked, remaining),
            head: rest
        )
    }

    // MARK: - From the broker

    /// Passes a frame of the broker's on.
    func pass(_ frame: IncomingFrame, to fetch: EgressFetch) {
        if frame.kind == .fetchBody { fetch.delivers(frame.payload.readableBytes) }
        if frame.isEnd { fetch.call.egress.remove(fetch.number) }
        write(frame.kind, frame.payload, isEnd: frame.isEnd, to: fetch)
    }

    /// Tells the function that a request has failed.
    func fail(_ fetch: EgressFetch, because error: EgressError) {
        fetch.call.egress.remove(fetch.number)
        var bytes: [UInt8] = []
        FailurePayload(type: error.code.text, message: error.message).encode(to: &bytes)
        write(.fetchFailure, ByteBuffer(bytes: bytes), isEnd: true, to: fetch)
    }

    /// Notes a request that has ended.
    func report(_ request: EgressRequest, of call: Call) {
        call.egress.add(request)
        pool.observer.requested(request, by: pool.key)
    }

    /// Ends what is under way of a call that is over.
    func endEgress(of call: Call) { call.egress.fetches.values.forEach(giveUp) }

    private func giveUp(_ fetch: EgressFetch) {
        pool.egress?.cancel(fetch)
        fetch.call.egress.remove(fetch.number)
        report(fetch.record(.cancelled), of: fetch.call)
    }

    private func write(_ kind: FrameType, _ payload: ByteBuffer, isEnd: Bool, to fetch: EgressFetch) {
        guard let channel else { return }
        let frame = FrameWriter.fetch(kind, call: fetch.call.number, fetch: fetch.number, payload, isEnd: isEnd)
        let count = frame.readableBytes
        unreadBytes += count
        guard unreadBytes <= Self.unreadLimit else {
            violated(FrameViolation("it does not read what it asked for"))
            return
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        channel.writeAndFlush(frame).whenComplete { _ in bound.value.unreadBytes -= count }
    }
}
