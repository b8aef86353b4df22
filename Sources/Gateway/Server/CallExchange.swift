import Executor
import Domain
import NIOCore
import NIOHTTP1

/// One call over HTTP: takes the request's body to the function and the function's answer to the connection.
///
/// Confined to the connection's event loop.
final class CallExchange {
    private let head: HTTPRequestHead
    private let desk: ConnectionDesk
    private weak var output: (any CallExchangeOutput)?
    private let context: ChannelHandlerContext
    /// Where what is written goes past the encoder of responses.
    private let encoder: ChannelHandlerContext
    private var plan: CallPlan?
    private var call: (any ExchangedCall)?
    /// The head and body of a complete answer, which are written together with its end.
    private var complete: (status: Int, headers: [HeaderField], body: ByteBuffer)?
    private var isHeadWritten = false
    /// Bytes of the answer that wait in the connection's buffer for a slow reader.
    private var unconsumed = 0
    /// Body bytes still to be written when the function announced a length; nil when it did not.
    private var announced: Int?
    private var written = 0
    private(set) var isRequestComplete = false
    private let hasBody: Bool
    private var isStarted = false
    private var isOver = false

    init(
        head: HTTPRequestHead,
        desk: ConnectionDesk,
        output: any CallExchangeOutput,
        context: ChannelHandlerContext,
        encoder: ChannelHandlerContext
    ) {
        self.head = head
        self.encoder = encoder
        self.hasBody = RequestCheck.hasBody(head)
        self.desk = desk
        self.output = output
        self.context = context
    }

    /// Makes the call; it is put in line by ``startCall()``, so that what has come of its body already goes with it.
    func prepare(_ plan: CallPlan) {
        self.plan = plan
        do {
            call = try desk.maker.makeCall(plan, bytes: announcedRequestBytes, for: self)
        } catch {
            refused(error)
        }
    }

    /// The call cannot run anywhere.
    func refused(_ failure: CallFailure) {
        guard let plan else { return }
        desk.intake.refused(plan.version.spec.name, because: failure)
        write(failure, end: nil)
        end()
    }

    /// Puts the call in line, once.
    func startCall() {
        guard !isStarted, !isOver, let call else { return }
        isStarted = true
        call.begin()
    }

    // MARK: - The request

    /// The node that the connection leads to.
    var node: NodeDescription { desk.intake.node }

    /// Whether bytes of the request's body are still to come.
    var isBodyPending: Bool { hasBody && !isRequestComplete }

    var takesBody: Bool { call?.takesBody ?? true }

    func receive(_ bytes: ByteBuffer) {
        call?.write(bytes)
        if !takesBody { startCall() }
    }

    func receiveEnd() {
        isRequestComplete = true
        call?.finishBody()
        startCall()
    }

    /// The connection broke off.
    func callerLeft() {
        guard !isOver, let call else { return }
        isStarted = true
        call.callerLeft()
    }

    func wantsBody() { output?.exchangeWantsBody(self, context: context) }

    /// Whether another node passed the call on.
    private var isPassedOn: Bool { plan?.origin != nil }

    /// What the request says of its body's length; 0 where it says nothing.
    private var announcedRequestBytes: Int {
        max(0, head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0)
    }

    /// The node that passed the call on must know before the function begins: were this node lost after that, the call
    /// could not be given to another.
    func willRun() {
        guard isPassedOn, !isHeadWritten else { return }
        write(.head(HTTPResponseHead(version: .http1_1, status: .processing)))
        context.flush()
    }

    // MARK: - The answer

    /// The function answers; when the answer `isComplete`, its body and its end follow at once.
    func receiveHead(_ status: Int, _ headers: [HeaderField], isComplete: Bool, of call: any ExchangedCall) {
        let passed = headers.filter(HeaderFilter.passesToCaller)
        if isComplete || head.method == .HEAD {
            complete = (status, passed, ByteBuffer())
            return
        }
        announced = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }.flatMap {
            $0 >= 0 ? $0 : nil
        }
        var response = responseHead(status: status, headers: passed, call: call)
        if let announced, isPassedOn {
            // Chunked, so that the accounts can follow in trailers; the node that passed the call on knows the length.
            response.headers.add(name: PeerHeaders.length, value: "\(announced)")
        } else if let announced {
            response.headers.add(name: "content-length", value: "\(announced)")
        } else if head.version.minor == 0 {
            response.headers.replaceOrAdd(name: "connection", value: "close")
        } else {
            response.headers.add(name: "trailer", value: "Server-Timing, Godwit-Energy, Godwit-Carbon")
        }
        isHeadWritten = true
        write(.head(response))
        context.flush()
    }

    /// More of the answer's body.
    func receiveBody(_ bytes: ByteBuffer, of call: any ExchangedCall) {
        if complete != nil {
            call.consumed(bytes.readableBytes)
            if head.method == .HEAD {
                written += bytes.readableBytes
            } else {
                complete?.body = bytes
            }
            return
        }
        written += bytes.readableBytes
        if let announced, written > announced {
            // More than the function announced would be read as the beginning of the next answer.
            call.cancel()
            return
        }
        write(.body(.byteBuffer(bytes)))
        context.flush()
        if context.channel.isWritable {
            call.consumed(bytes.readableBytes)
        } else {
            unconsumed += bytes.readableBytes
        }
    }

    func writabilityChanged() {
        guard context.channel.isWritable, unconsumed > 0, let call else { return }
        let bytes = unconsumed
        unconsumed = 0
        call.consumed(bytes)
    }

    /// The call is over; when it failed after the head, the answer is cut short.
    func receiveEnd(_ callEnd: CallEnd, of call: any ExchangedCall) {
        if let failure = callEnd.record.failure {
            if isHeadWritten {
                // Half an answer must not look like a whole one: the connection breaks off.
                end(keepsAlive: false)
                return
            }
            complete = nil
            write(failure, end: callEnd)
        } else if let complete {
            write(complete, call: call, end: callEnd)
        } else {
            if let announced, written < announced {
                end(keepsAlive: false)
                return
            }
            let trailers = announced == nil || isPassedOn ? HTTPHeaders(closingHeaders(callEnd)) : nil
            write(.end(head.version.minor == 0 ? nil : trailers))
            context.flush()
        }
        end()
    }

    private func write(
        _ answer: (status: Int, headers: [HeaderField], body: ByteBuffer),
        call: any ExchangedCall,
        end: CallEnd
    ) {
        let status = HTTPResponseStatus(statusCode: answer.status)
        guard head.method == .HEAD || !status.mayHaveResponseBody else {
            writeText(status, answer.headers, answer.body, call: call, end: end)
            return
        }
        var response = responseHead(status: answer.status, headers: answer.headers, call: call)
        for (name, value) in closingHeaders(end) { response.headers.add(name: name, value: value) }
        if status.mayHaveResponseBody {
            let length = max(written, answer.body.readableBytes)
            response.headers.add(name: "content-length", value: "\(length)")
        }
        write(.head(response))
        write(.end(nil))
        context.flush()
    }

    /// Writes an answer with a body past the encoder, which takes no part in what is not streamed.
    private func writeText(
        _ status: HTTPResponseStatus,
        _ headers: [HeaderField],
        _ body: ByteBuffer,
        call: any ExchangedCall,
        end: CallEnd
    ) {
        var text = AnswerText(head.version, status, reusing: desk.intake.takeScratch())
        for field in headers { text.add(field.name, field.value) }
        addOwnFields(of: call) { text.add($0, $1) }
        if isPassedOn {
            for (name, value) in closingHeaders(end) { text.add(name, value) }
        } else {
            desk.intake.addClosingHeaders(end.record, to: &text)
        }
        let isWhole = text.end(with: body)
        encoder.write(NIOAny(desk.intake.buffer(with: text.bytes)), promise: nil)
        if !isWhole { encoder.write(NIOAny(body), promise: nil) }
        encoder.flush()
        desk.intake.giveBack(scratch: text.takeMemory())
    }

    /// Reports a failure as a problem.
    private func write(_ failure: CallFailure, end: CallEnd?) {
        let logs = end?.record.logs ?? []
        let problem = ProblemResponse.problem(for: failure, callID: plan?.id, logs: logs)
        var headers = ProblemResponse.headers(for: failure)
        if let plan { headers.append(HeaderField("x-call-id", plan.id.text)) }
        if let end {
            headers.append(HeaderField("godwit-node", end.record.node.text))
            headers.append(HeaderField("godwit-tier", end.record.tier.text))
            headers += closingHeaders(end).map { HeaderField($0.0, $0.1) }
        }
        if isPassedOn {
            headers.append(HeaderField(PeerHeaders.failure, PeerOutcome.packed(failure)))
            if !logs.isEmpty {
                headers.append(HeaderField(PeerHeaders.logs, PeerOutcome.packed(PeerOutcome.shippable(logs))))
            }
        }
        let isClosing = !keepsAlive || isBodyPending
        var (response, body) = ProblemResponse.make(problem, headers: headers, isClosing: isClosing)
        response.version = head.version
        write(.head(response))
        if head.method != .HEAD { write(.body(.byteBuffer(body))) }
        write(.end(nil))
        context.flush()
    }

    /// What is only known at the end: for the caller, or for a node that passed the call on.
    private func closingHeaders(_ end: CallEnd) -> [(String, String)] {
        let record = end.record
        guard isPassedOn else { return desk.intake.closingHeaders(record) }
        let outcome = PeerOutcome(
            start: record.start,
            phases: record.phases,
            use: record.use,
            wasStarted: end.wasStarted,
            requestBytes: record.requestBytes,
            responseBytes: record.responseBytes
        )
        let load = end.load.map { (NodeLoad.header, $0.headerText) }
        return [(PeerHeaders.outcome, outcome.text)] + (load.map { [$0] } ?? [])
    }

    private func responseHead(status: Int, headers: [HeaderField], call: any ExchangedCall) -> HTTPResponseHead {
        var fields = HTTPHeaders()
        fields.reserveCapacity(headers.count + 8)
        for field in headers { fields.add(name: field.name, value: field.value) }
        addOwnFields(of: call) { fields.add(name: $0, value: $1) }
        return HTTPResponseHead(version: head.version, status: .init(statusCode: status), headers: fields)
    }

    /// What the node says in the head of every answer of a function.
    private func addOwnFields(of call: any ExchangedCall, _ add: (String, String) -> Void) {
        if let plan { add("x-call-id", plan.id.text) }
        add("godwit-node", call.node.text)
        add("godwit-tier", call.tier.text)
        add("godwit-start", (call.start ?? .warm).rawValue)
        if !keepsAlive {
            add("connection", "close")
        } else if head.version.minor == 0 {
            add("connection", "keep-alive")
        }
    }

    private var keepsAlive: Bool { head.isKeepAlive }

    private func write(_ part: HTTPServerResponsePart) {
        context.write(NIOAny(part), promise: nil)
    }

    private func end(keepsAlive isKept: Bool = true) {
        guard !isOver else { return }
        isOver = true
        call = nil
        let streamsToEnd = isHeadWritten && announced == nil && head.version.minor == 0
        output?.exchangeDidEnd(self, keepsAlive: isKept && keepsAlive && !streamsToEnd, context: context)
    }
}

// MARK: - Calls that live on this loop

extension CallExchange: PlacedCallDelegate {
    func placedCallWantsBody(_ call: PlacedCall) { wantsBody() }

    func placedCallWillRun(_ call: PlacedCall) { willRun() }

    func placedCall(_ call: PlacedCall, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        receiveHead(status, headers, isComplete: isComplete, of: call)
    }

    func placedCall(_ call: PlacedCall, didReceiveBody bytes: ByteBuffer) { receiveBody(bytes, of: call) }

    func placedCallDidEnd(_ call: PlacedCall, outcome: PlacedOutcome) {
        let end = call.service.end(of: call.plan, outcome)
        receiveEnd(end, of: call)
        call.service.keep(end.record, of: call.plan)
    }
}
