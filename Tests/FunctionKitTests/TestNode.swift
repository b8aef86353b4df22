import FunctionKit
import Testing

/// The node's side of a socket pair, for a test: sends frames, collects frames.
final class TestNode {
    /// What came back for a call.
    struct Answer: Equatable {
        var status: UInt16?
        var headers: [HeaderField] = []
        var body: [UInt8] = []
        var failure: FailurePayload?
        var others: [Frame] = []

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let socket: TestSocket
    private var frames: AsyncThrowingStream<Frame, any Error>.Iterator

    init(_ descriptor: Int32) throws {
        System.ignoreBrokenPipes()
        socket = TestSocket(descriptor)
        frames = try socket.frames().makeAsyncIterator()
    }

    deinit { close() }

    func close() { socket.shutDown() }

    func send(_ frame: Frame) throws {
        var bytes: [UInt8] = []
        frame.encode(to: &bytes)
        try System.write(socket.descriptor, bytes.span)
    }

    /// Sends a whole request, unless `isEnd` is false.
    func request(_ call: UInt64, path: String = "/", body: [UInt8] = [], isEnd: Bool = true) throws {
        try send(Self.request(call, path: path, body: body, isEnd: isEnd))
    }

    /// Hands over a page of tickets.
    func giveTickets() throws -> TicketPage {
        let tickets = try TestTickets()
        var bytes: [UInt8] = []
        Frame(.tickets, call: 0).encode(to: &bytes)
        try System.sendPacket(socket.descriptor, bytes.span, descriptor: tickets.descriptor)
        return tickets.page
    }

    /// Lays a call down, ahead of its turn.
    func offer(_ call: UInt64, on page: TicketPage, body: [UInt8] = []) throws {
        #expect(page.lay(call))
        try send(Frame(.offer, call: call, isEnd: true, payload: Self.request(call, body: body).payload))
    }

    private static func request(_ call: UInt64, path: String = "/", body: [UInt8] = [], isEnd: Bool = true) -> Frame {
        var payload: [UInt8] = []
        RequestHead(
            method: "POST",
            path: path,
            executionID: "id-\(call)",
            remainingMicroseconds: 10_000_000,
            version: 3
        )
        .encode(to: &payload)
        return Frame(.request, call: call, isEnd: isEnd, payload: payload + body)
    }

    /// The next frame; nil at the end of the stream.
    func receive() async throws -> Frame? { try await frames.next(isolation: #isolation) }

    /// Takes frames until the call has ended, and lets the function go on sending.
    func answer(_ call: UInt64) async throws -> Answer {
        var answer = Answer()
        while let frame = try await receive() {
            guard frame.call == call else {
                answer.others.append(frame)
                continue
            }
            var body: [UInt8] = []
            switch frame.type {
            case .response:
                let (head, bodyOffset) = try ResponseHead.decode(frame.payload.span)
                answer.status = head.status
                answer.headers = head.headers
                body = Array(frame.payload[bodyOffset...])
            case .body: body = frame.payload
            case .failure: answer.failure = try FailurePayload(decoding: frame.payload.span)
            default: answer.others.append(frame)
            }
            answer.body += body
            if frame.isEnd { return answer }
            if !body.isEmpty { try grant(UInt32(body.count), to: call) }
        }
        return answer
    }

    func grant(_ bytes: UInt32, to call: UInt64) throws {
        var payload: [UInt8] = []
        WindowPayload(bytes: bytes).encode(to: &payload)
        try send(Frame(.window, call: call, payload: payload))
    }
}
