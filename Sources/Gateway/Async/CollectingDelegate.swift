import Domain
import Executor
import NIOCore

/// Makes a call with a body that is there already, and collects its answer in memory, bounded.
final class CollectingDelegate: CallDelegate {
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
            let call = try service.makeCall(plan, delegate: self)
            call.write(ByteBuffer(bytes: body))
            call.finishBody()
            service.executor.start(call)
        } catch {
            var record = plan.record(on: service.node)
            record.failure = error
            record.state = error.kind.finalState
            onEnd(record, nil)
        }
    }

    func callWantsBody(_ call: Call) {}

    func call(_ call: Call, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        self.status = status
        self.headers = headers.filter(HeaderFilter.passesToCaller)
    }

    func call(_ call: Call, didReceiveBody bytes: ByteBuffer) {
        guard body.count + bytes.readableBytes <= limit else {
            if !isTooLarge {
                isTooLarge = true
                body = []
                service.executor.cancel(call)
            }
            return
        }
        body.append(contentsOf: bytes.readableBytesView)
        call.consumed(bytes.readableBytes)
    }

    func callDidEnd(_ call: Call, outcome: CallOutcome) {
        var outcome = outcome
        if isTooLarge {
            outcome.failure = CallFailure(
                .outputLimit,
                "the answer is larger than the \(limit) bytes that an asynchronous call may give"
            )
        }
        let record = service.finish(plan, outcome: outcome)
        let answer = outcome.failure == nil ? CallAnswer(status: status, headers: headers, body: body) : nil
        onEnd(record, answer)
    }
}
