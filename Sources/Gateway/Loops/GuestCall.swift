import Domain
import Executor
import NIOCore

/// A call whose connection is on another loop, here where it lives.
///
/// Confined to the calls' event loop.
final class GuestCall {
    private let plan: CallPlan
    private let service: CallService
    private let news: LoopMailbox<CallNews>
    private let sender: NIOLoopBound<DistantCall>
    /// Where its connection's loop finds it, until it is over.
    private let place: NIOLoopBoundBox<GuestCall?>
    private var call: PlacedCall?
    /// Bytes of the body that were written, and are not reported as taken.
    private var unreported = 0
    private var isBodyComplete = false
    /// A complete answer, which goes over with the end.
    private var whole: (head: AnswerHead, body: ByteBuffer)?

    private init(
        _ draft: CallDraft,
        place: NIOLoopBoundBox<GuestCall?>,
        service: CallService,
        news: LoopMailbox<CallNews>
    ) {
        self.plan = draft.plan
        self.sender = draft.sender
        self.place = place
        self.service = service
        self.news = news
    }

    /// Does what a connection's loop says.
    static func follow(_ order: CallOrder, service: CallService, news: LoopMailbox<CallNews>) {
        let place = order.guest
        switch order.kind {
        case .begin(let draft):
            GuestCall(draft, place: place, service: service, news: news).begin(draft)
        case .giveUp(let draft):
            let guest = GuestCall(draft, place: place, service: service, news: news)
            if guest.make(draft) { guest.call?.callerLeft() }
        case .body(let bytes): place.value?.write(bytes)
        case .bodyEnd: place.value?.finishBody()
        case .consumed(let bytes): place.value?.call?.consumed(bytes)
        case .cancel: place.value?.call?.cancel()
        case .callerLeft: place.value?.call?.callerLeft()
        }
    }

    private func begin(_ draft: CallDraft) {
        guard make(draft) else { return }
        for bytes in draft.body { call?.write(bytes) }
        if draft.isBodyComplete {
            finishBody()
        } else {
            unreported = draft.body.reduce(0) { $0 + $1.readableBytes }
        }
        call?.begin()
        reportTaken()
    }

    /// Makes the call; false where it cannot run anywhere.
    private func make(_ draft: CallDraft) -> Bool {
        do {
            call = try service.makeCall(plan, bytes: draft.bytes, delegate: self)
            place.value = self
            return true
        } catch {
            tell(.refused(error))
            return false
        }
    }

    private func write(_ bytes: ByteBuffer) {
        unreported += bytes.readableBytes
        call?.write(bytes)
        reportTaken()
    }

    private func finishBody() {
        isBodyComplete = true
        call?.finishBody()
    }

    /// Reports what was written as taken, as soon as the call can take more.
    private func reportTaken() {
        guard unreported > 0, !isBodyComplete, let call, call.takesBody else { return }
        tell(.took(unreported))
        unreported = 0
    }

    private func tell(_ kind: CallNews.Kind) { news.send(CallNews(receiver: sender, kind: kind)) }
}

extension GuestCall: PlacedCallDelegate {
    func placedCallWantsBody(_ call: PlacedCall) { reportTaken() }

    // Only nodes that pass calls on want to know, and their connections are on the calls' loop.
    func placedCallWillRun(_ call: PlacedCall) {}

    func placedCall(_ call: PlacedCall, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        let head = AnswerHead(
            status: status,
            headers: headers,
            isComplete: isComplete,
            node: call.node,
            tier: call.tier,
            start: call.start
        )
        if isComplete { whole = (head, ByteBuffer()) } else { tell(.head(head)) }
    }

    func placedCall(_ call: PlacedCall, didReceiveBody bytes: ByteBuffer) {
        if whole == nil {
            tell(.body(bytes))
        } else {
            whole?.body = bytes
            call.consumed(bytes.readableBytes)
        }
    }

    func placedCallDidEnd(_ call: PlacedCall, outcome: PlacedOutcome) {
        let end = service.end(of: plan, outcome)
        if let whole { tell(.answer(whole.head, whole.body, end)) } else { tell(.end(end)) }
        self.call = nil
        place.value = nil
        // The answer goes over at the end of this turn, and before the record.
        service.executor.eventLoop.assumeIsolated().execute { [service, plan] in service.keep(end.record, of: plan) }
    }
}
