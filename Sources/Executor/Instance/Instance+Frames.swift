import Domain
import FunctionKit
import NIOCore

/// What the function says over its socket.
extension Instance {
    /// Takes frames that were read at once.
    func receive(_ frames: [IncomingFrame]) throws(FrameViolation) {
        guard process != nil else { return try keepEarly(frames) }
        // No more than there are calls: what ends others is for nobody.
        let most = calls.count + (lineup?.calls.count ?? 0)
        accounts.answersRead(frames.count > 1 ? min(most, frames.count(where: \.endsCall)) : 1)
        defer { accounts.answersRead(1) }
        for frame in frames { try receive(frame) }
    }

    /// Keeps what comes before the spawner tells of the process; but that it is ready is good to know at once.
    private func keepEarly(_ frames: [IncomingFrame]) throws(FrameViolation) {
        for frame in frames where !isGone {
            if frame.kind == .ready {
                try receive(frame)
            } else {
                earlyBytes += FrameHeader.size + frame.payload.readableBytes
                guard earlyBytes <= Self.earlyLimit else { throw FrameViolation("it sent much before anybody knew it") }
                early.append(frame)
            }
        }
    }

    /// Takes what came before the spawner told of the process, without which a call cannot be accounted for.
    func receiveEarly() {
        let frames = early
        early = []
        do throws(FrameViolation) {
            try receive(frames)
        } catch {
            violated(error)
        }
    }

    private func receive(_ frame: IncomingFrame) throws(FrameViolation) {
        if frame.kind.rawValue >= FrameType.fetch.rawValue {
            try receiveEgress(frame)
        } else if pool.slowdown > 1, frame.isEnd || frame.kind == .failure, let call = calls[frame.call] {
            hold(frame, of: call)
        } else {
            try perform(frame)
        }
    }

    /// Holds the end of an answer back, where a slower machine is to be emulated.
    private func hold(_ frame: IncomingFrame, of call: Call) {
        let rest = TimeAmount.nanoseconds(Int64(Double(call.runTime.nanoseconds) * (pool.slowdown - 1)))
        eventLoop.assumeIsolated().scheduleTask(in: rest) { [self] in
            do throws(FrameViolation) {
                if !call.isEnded { try perform(frame) }
            } catch {
                violated(error)
            }
        }
    }

    private func perform(_ frame: IncomingFrame) throws(FrameViolation) {
        var payload = frame.payload
        switch frame.kind {
        case .ready:
            guard times.ready == nil, payload.readInteger(as: UInt8.self) == WireLimits.version else {
                throw FrameViolation("it said twice that it is ready, or speaks another version of the protocol")
            }
            times.ready(at: System.monotonicNanoseconds(), function: payload.readInteger(endianness: .little) ?? 0)
            let flags = payload.readInteger(as: UInt8.self) ?? 0
            asksForZygote = flags & 1 != 0
            linesUp = flags & 2 != 0 && pool.version.spec.concurrency == 1
            pool.startsAhead = flags & 4 != 0
            becomeReadyIfDone()
        case .response:
            guard let call = try call(of: frame) else { return }
            let (status, headers) = try FramePayload.responseHead(&payload)
            try call.receiveHead(status: status, headers: headers, isComplete: frame.isEnd)
            try call.receiveBody(payload)
            if frame.isEnd { complete(call, failure: nil) }
        case .body:
            guard let call = try call(of: frame) else { return }
            try call.receiveBody(payload)
            if frame.isEnd { complete(call, failure: nil) }
        case .failure:
            guard let call = try call(of: frame) else { return }
            let (type, message) = try FramePayload.failure(&payload)
            let failure = CallFailure(
                .error,
                Printable.text(message, limit: 2000),
                errorType: Printable.text(type, limit: 200)
            )
            // Behind others nobody prints; and the next one has begun already.
            if hasLineup { return complete(call, failure: failure) }
            // What it wrote before may still wait in its pipe, and is what one looks for: the next round of the loop reads it.
            eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [self] in
                if calls[frame.call] === call { complete(call, failure: failure) }
            }
        case .window:
            guard let call = try call(of: frame) else { return }
            call.grantSend(try FramePayload.window(&payload))
            sendBody(of: call)
        case .log:
            let call = calls[frame.call] ?? beginNext(if: frame.call)
            let size = FrameHeader.size + payload.readableBytes
            wrote(size)
            guard pool.keepsOutput(size) else { return }
            let (level, message) = try FramePayload.log(&payload)
            guard pool.keepsLine(message) else { return }
            log(message, stream: "log", level: level, call: call)
        case .metric:
            wrote(payload.readableBytes)
            pool.observer.reported(try FramePayload.metric(&payload), by: pool.key)
        case .request, .cancel, .fetch, .fetchBody, .fetchResponse, .fetchFailure, .fetchWindow, .fetchCancel,
            .fetchReport, .tickets, .offer:
            throw FrameViolation("it sent a frame that only the node sends")
        }
    }

    /// The call a frame belongs to; nil for one that is over or was given up meanwhile, whose frames are ignored but
    /// count as output, so that they cannot be sent without end.
    func call(of frame: IncomingFrame) throws(FrameViolation) -> Call? {
        if let call = calls[frame.call] ?? beginNext(if: frame.call) { return call }
        guard frame.call > 0, frame.call <= lastCall else {
            throw FrameViolation("it answered a call that it was not given")
        }
        wrote(frame.payload.readableBytes + FrameHeader.size)
        return nil
    }

    func violated(_ violation: FrameViolation) {
        log("it is ended: \(violation)", stream: "platform", level: "error", call: nil)
        end(because: CallFailure(.malformed, "the function broke the protocol: \(violation)"))
    }
}
