package import Domain
package import NIOCore

/// A request to a peer whose whole answer is collected, within bounds of size and time.
///
/// Confined to the event loop.
package final class PeerExchange: PeerCallDelegate {
    private let link: PeerLink
    private let answerLimit: Int
    private let promise: EventLoopPromise<PeerAnswer>
    private let eventLoop: any EventLoop
    private var call: PeerCall?
    private var next: (() -> EventLoopFuture<ByteBuffer?>)?
    private var isReading = false
    private var status = 0
    private var headers: [HeaderField] = []
    private var body = ByteBuffer()
    private var timer: Scheduled<Void>?

    private init(link: PeerLink, answerLimit: Int, eventLoop: any EventLoop) {
        self.link = link
        self.answerLimit = answerLimit
        self.eventLoop = eventLoop
        self.promise = eventLoop.makePromise()
    }

    /// Sends a request; fails with a ``PeerLoss`` when the peer cannot be reached, answers more than `answerLimit` bytes, or
    /// not in time.
    package static func send(
        _ request: PeerRequest,
        body: PeerBody = .bytes(ByteBuffer()),
        over link: PeerLink,
        answerLimit: Int = 4 << 20,
        within limit: TimeAmount,
        eventLoop: any EventLoop
    ) -> EventLoopFuture<PeerAnswer> {
        let exchange = PeerExchange(link: link, answerLimit: answerLimit, eventLoop: eventLoop)
        exchange.start(request, body: body, within: limit)
        return exchange.promise.futureResult
    }

    private func start(_ request: PeerRequest, body: PeerBody, within limit: TimeAmount) {
        let call = link.makeCall(request, delegate: self)
        self.call = call
        // The timer holds the exchange until its end.
        timer = eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
            call.cancel()
            end(.failure(PeerLoss(mayHaveStarted: true, reason: "\(link.text) did not answer in time")))
        }
        switch body {
        case .bytes(let bytes):
            call.write(bytes)
            call.finishBody()
        case .stream(let next): self.next = next
        }
        link.start(call)
        feed()
    }

    /// Hands over pieces of the body as long as there is room.
    private func feed() {
        guard let call, let next, !isReading, call.takesBody else { return }
        isReading = true
        next().assumeIsolated().whenComplete { [self] result in
            isReading = false
            switch result {
            case .success(let piece?):
                self.call?.write(piece)
                feed()
            case .success(nil):
                self.next = nil
                self.call?.finishBody()
            case .failure(let error):
                self.call?.cancel()
                end(.failure(PeerLoss(mayHaveStarted: true, reason: "the body broke off: \(error)")))
            }
        }
    }

    private func end(_ result: Result<PeerAnswer, PeerLoss>) {
        guard call != nil else { return }
        call = nil
        next = nil
        timer?.cancel()
        timer = nil
        switch result {
        case .success(let answer): promise.succeed(answer)
        case .failure(let loss): promise.fail(loss)
        }
    }

    package func peerCallWantsBody(_ call: PeerCall) { feed() }
    package func peerCallDidStart(_ call: PeerCall) {}

    package func peerCall(_ call: PeerCall, didReceiveHead status: Int, headers: [HeaderField]) {
        self.status = status
        self.headers = headers
    }

    package func peerCall(_ call: PeerCall, didReceiveBody bytes: ByteBuffer) {
        var bytes = bytes
        call.consumed(bytes.readableBytes)
        guard body.readableBytes + bytes.readableBytes <= answerLimit else {
            call.cancel()
            end(
                .failure(PeerLoss(mayHaveStarted: true, reason: "\(link.text) answered more than \(answerLimit) bytes"))
            )
            return
        }
        body.writeBuffer(&bytes)
    }

    package func peerCall(_ call: PeerCall, didCompleteWith trailers: [HeaderField]) {
        let roundTrip = call.sentAt.map { UInt64(max(0, (NIODeadline.now() - $0).nanoseconds)) } ?? 0
        let answer = PeerAnswer(
            peer: call.peer,
            status: status,
            headers: headers,
            body: body,
            roundTrip: roundTrip
        )
        end(.success(answer))
    }

    package func peerCall(_ call: PeerCall, didFailWith loss: PeerLoss) { end(.failure(loss)) }
}
