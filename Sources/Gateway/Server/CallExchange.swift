import Domain
import Executor
import NIOCore
import NIOHTTP1

/// One call over HTTP: takes the request's body to the function and the function's answer to the connection.
final class CallExchange: CallDelegate {
    private let head: HTTPRequestHead
    private let service: CallService
    private weak var output: (any CallExchangeOutput)?
    private let context: ChannelHandlerContext
    private var plan: CallPlan?
    private var call: Call?
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
        service: CallService,
        output: any CallExchangeOutput,
        context: ChannelHandlerContext
    ) {
        self.head = head
        self.hasBody = RequestCheck.hasBody(head)
        self.service = service
        self.output = output
        self.context = context
    }

    /// Makes the call; it is put in line by ``startCall()``, so that what has come of its body already goes with it.
    func prepare(_ plan: CallPlan) {
        self.plan = plan
        do {
            call = try service.makeCall(plan, delegate: self)
        } catch {
            service.refused(plan.version.spec.name, because: error)
            write(error, outcome: nil)
            end()
        }
    }

    /// Puts the call in line, once.
    func startCall() {
        guard !isStarted, !isOver, let call else { return }
        isStarted = true
        service.executor.start(call)
    }

    // MARK: - The request

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
        service.executor.callerLeft(call)
    }

    func callWantsBody(_ call: Call) { output?.exchangeWantsBody(self, context: context) }

    // MARK: - The answer

    func call(_ call: Call, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        let passed = headers.filter(HeaderFilter.passesToCaller)
        if isComplete || head.method == .HEAD {
            complete = (status, passed, ByteBuffer())
            return
        }
        announced = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }.flatMap {
            $0 >= 0 ? $0 : nil
        }
        var response = responseHead(status: status, headers: passed, call: call)
        if let announced {
            response.headers.add(name: "content-length", value: "\(announced)")
        } else if head.version.minor == 0 {
            response.headers.replaceOrAdd(name: "connection", value: "close")
        } else {
            response.headers.add(name: "trailer", value: "Server-Timing, Godwit-Energy")
        }
        isHeadWritten = true
        write(.head(response))
        context.flush()
    }

    func call(_ call: Call, didReceiveBody bytes: ByteBuffer) {
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
            service.executor.cancel(call)
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

    func callDidEnd(_ call: Call, outcome: CallOutcome) {
        guard let plan else { return }
        let record = service.finish(plan, outcome: outcome)
        if let failure = outcome.failure {
            if isHeadWritten {
                // Half an answer must not look like a whole one: the connection breaks off.
                end(keepsAlive: false)
                return
            }
            complete = nil
            write(failure, outcome: outcome, record: record)
        } else if let complete {
            write(complete, call: call, record: record)
        } else {
            if let announced, written < announced {
                end(keepsAlive: false)
                return
            }
            let trailers = announced == nil ? HTTPHeaders(service.closingHeaders(record)) : nil
            write(.end(head.version.minor == 0 ? nil : trailers))
            context.flush()
        }
        end()
    }

    private func write(
        _ answer: (status: Int, headers: [HeaderField], body: ByteBuffer),
        call: Call,
        record: ExecutionRecord
    ) {
        var response = responseHead(status: answer.status, headers: answer.headers, call: call)
        for (name, value) in service.closingHeaders(record) { response.headers.add(name: name, value: value) }
        let length = head.method == .HEAD ? max(written, answer.body.readableBytes) : answer.body.readableBytes
        if response.status.mayHaveResponseBody { response.headers.add(name: "content-length", value: "\(length)") }
        write(.head(response))
        if head.method != .HEAD, response.status.mayHaveResponseBody, answer.body.readableBytes > 0 {
            write(.body(.byteBuffer(answer.body)))
        }
        write(.end(nil))
        context.flush()
    }

    /// Reports a failure as a problem.
    private func write(_ failure: CallFailure, outcome: CallOutcome?, record: ExecutionRecord? = nil) {
        let problem = ProblemResponse.problem(for: failure, callID: plan?.id, logs: outcome?.logs ?? [])
        var headers = ProblemResponse.headers(for: failure)
        if let plan { headers.append(HeaderField("x-call-id", plan.id.text)) }
        if let record {
            headers += service.placeHeaders.map { HeaderField($0.0, $0.1) }
            headers += service.closingHeaders(record).map { HeaderField($0.0, $0.1) }
        }
        let isClosing = !keepsAlive || isBodyPending
        var (response, body) = ProblemResponse.make(problem, headers: headers, isClosing: isClosing)
        response.version = head.version
        write(.head(response))
        if head.method != .HEAD { write(.body(.byteBuffer(body))) }
        write(.end(nil))
        context.flush()
    }

    private func responseHead(status: Int, headers: [HeaderField], call: Call) -> HTTPResponseHead {
        var fields = HTTPHeaders()
        fields.reserveCapacity(headers.count + 8)
        for field in headers { fields.add(name: field.name, value: field.value) }
        fields.add(name: "x-call-id", value: call.id.text)
        for (name, value) in service.placeHeaders { fields.add(name: name, value: value) }
        fields.add(name: "godwit-start", value: (call.start ?? .warm).rawValue)
        if !keepsAlive {
            fields.add(name: "connection", value: "close")
        } else if head.version.minor == 0 {
            fields.add(name: "connection", value: "keep-alive")
        }
        return HTTPResponseHead(version: head.version, status: .init(statusCode: status), headers: fields)
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
