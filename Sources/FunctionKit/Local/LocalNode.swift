import Synchronization

/// The node's side of the socket when a function runs by hand: sends one request, prints what comes back.
final class LocalNode: Sendable {
    private static let call: UInt64 = 1
    /// How long a call may take that nobody but its author waits for, in microseconds.
    private static let patience: UInt64 = 15 * 60 * 1_000_000

    private let descriptor: Int32
    private let options: LocalOptions
    private let granted: Doorbell
    /// Body bytes that the function takes now.
    private let window = Mutex(WireLimits.window)
    private let code = Mutex<Int32>(2)
    /// Keeps frames whole that the two threads write.
    private let output = Mutex(())

    init(_ descriptor: Int32, options: LocalOptions) throws(SystemError) {
        self.descriptor = descriptor
        self.options = options
        self.granted = try Doorbell()
    }

    /// The status to end with, once the function has answered.
    var exitCode: Int32 { code.withLock { $0 } }

    /// Starts the threads.
    func start() throws(SystemError) {
        try System.startThread { try? self.receive() }
        try System.startThread { try? self.sendRequest() }
    }

    private func send(_ build: (inout [UInt8]) -> Void) throws(SystemError) {
        var bytes: [UInt8] = []
        build(&bytes)
        try output.withLock { _ throws(SystemError) in try System.write(descriptor, bytes.span) }
    }

    private func sendRequest() throws(SystemError) {
        let head = RequestHead(
            method: options.method,
            path: options.path,
            query: options.query,
            executionID: "local",
            remainingMicroseconds: Self.patience,
            headers: options.headers
        )
        try send { $0.appendFrame(.request, call: Self.call, head.encode) }
        while true {
            var space = window.withLock { min($0, WireLimits.bodyChunk) }
            while space == 0 {
                granted.wait()
                space = window.withLock { min($0, WireLimits.bodyChunk) }
            }
            let bytes = try System.read(0, atMost: space)
            window.withLock { $0 -= bytes.count }
            try send { $0.appendFrame(.body, call: Self.call, isEnd: bytes.isEmpty) { $0 += bytes } }
            if bytes.isEmpty { return }
        }
    }

    private func receive() throws {
        var decoder = FrameDecoder()
        // The function sees the end of its socket, and the process ends, when the answer is complete.
        defer { System.endWriting(descriptor) }
        while true {
            let bytes = try System.read(descriptor, atMost: WireLimits.bodyChunk)
            if bytes.isEmpty { return }
            decoder.append(bytes.span)
            while let frame = try decoder.next() {
                try show(frame)
                if frame.isEnd, frame.type != .fetch, frame.type != .fetchBody { return }
            }
        }
    }

    private func show(_ frame: Frame) throws {
        switch frame.type {
        case .response:
            let (head, bodyOffset) = try ResponseHead.decode(frame.payload.span)
            code.withLock { $0 = head.status < 400 ? 0 : 1 }
            if options.showsHead {
                let lines = ["HTTP \(head.status)"] + head.headers.map { "\($0.name): \($0.value)" }
                try print(Array((lines.joined(separator: "\n") + "\n\n").utf8))
            }
            try print(Array(frame.payload[bodyOffset...]))
        case .body: try print(frame.payload)
        case .failure:
            let failure = try FailurePayload(decoding: frame.payload.span)
            Launcher.complain("failed with \(failure.type): \(failure.message)")
            code.withLock { $0 = 2 }
        case .log:
            let entry = try LogPayload(decoding: frame.payload.span)
            Launcher.complain("\(entry.level): \(entry.message)")
        case .metric:
            let metric = try MetricPayload(decoding: frame.payload.span)
            Launcher.complain("\(metric.kind) \(metric.name): \(metric.value)")
        case .window:
            let bytes = try WindowPayload(decoding: frame.payload.span).bytes
            window.withLock { $0 += Int(bytes) }
            granted.ring()
        case .fetch: try refuseFetch(frame)
        case .ready, .request, .cancel, .fetchBody, .fetchResponse, .fetchFailure, .fetchWindow, .fetchCancel,
            .fetchReport, .tickets, .offer:
            break
        }
    }

    /// Prints a part of the answer and lets the function send as much again.
    private func print(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        try System.write(1, bytes.span)
        let window = WindowPayload(bytes: UInt32(bytes.count))
        try send { $0.appendFrame(.window, call: Self.call, window.encode) }
    }

    /// There is no broker here: a request is answered with an error at once.
    private func refuseFetch(_ frame: Frame) throws {
        let failure = FailurePayload(
            type: "egress.broker",
            message: "a function that is run by hand has no network; publish it to a node to call other hosts"
        )
        try send {
            $0.appendFrame(.fetchFailure, call: Self.call, isEnd: true) {
                $0 += frame.payload.prefix(4)
                failure.encode(to: &$0)
            }
        }
    }
}
