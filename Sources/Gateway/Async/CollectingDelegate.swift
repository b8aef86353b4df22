import Executor
import Domain
import NIOCore

/// Makes a call with a body that is there already, and collects its answer in memory, bounded.
final class CollectingDelegate: PlacedCallDelegate {
    private let limit: Int
    private let service: CallService
    private let plan: CallPlan
    private let onEnd: (ExecutionRecord, CallAnswer?) -> Void
    private var status = 0
    private var headers: [HeaderField] = []
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(
        plan: CallPlan,
        service: CallService,
        limit: Int,
        onEnd: @escaping (ExecutionRecord, CallAnswer?) -> Void
    ) {
        self.plan = plan
        self.service = service
        self.limit = limit
        self.onEnd = onEnd
    }

    func start(body: [UInt8]) {
        do {
            let call = try service.makeCall(plan, bytes: body.count, delegate: self)
            call.write(ByteBuffer(bytes: body))
            call.finishBody()
            call.begin()
        } catch {
            var record = plan.record(on: service.node)
            record.failure = error
            record.state = error.kind.finalState
            onEnd(record, nil)
        }
    }

    func placedCallWantsBody(_ call: PlacedCall) {}

    func placedCallWillRun(_ call: PlacedCall) {}

    func placedCall(_ call: PlacedCall, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        self.status = status
        self.headers = headers.filter(HeaderFilter.passesToCaller)
    }

    func placedCall(_ call: PlacedCall, didReceiveBody bytes: ByteBuffer) {
        guard body.count + bytes.readableBytes <= limit else {
            if !isTooLarge {
                isTooLarge = true
                body = []
                call.cancel()
            }
            return
        }
        body.append(contentsOf: bytes.readableBytesView)
        call.consumed(bytes.readableBytes)
    }

    func placedCallDidEnd(_ call: PlacedCall, outcome: PlacedOutcome) {
        var outcome = outcome
        if isTooLarge {
            outcome.call.failure = CallFailure(
                .outputLimit,
                "the answer is larger than the \(limit) bytes that an asynchronous call may give"
            )
        }
        let record = service.finish(plan, outcome: outcome)
        service.keep(record, of: plan)
        let answer = outcome.call.failure == nil ? CallAnswer(status: status, headers: headers, body: body) : nil
        onEnd(record, answer)
    }
}
