import Domain
import Egress
import FunctionKit
package import NIOCore
import NIOPosix

/// The node's connection to its egress broker, for all instances.
///
/// Confined to the executor's event loop. When a broker ends, what it was about fails with a clear error, and another is
/// asked for: at once, and then with growing pauses while they end soon after they began.
package final class EgressClient {
    private static let longestPause = TimeAmount.seconds(10)
    /// A broker that lived that long ended for a reason of its own.
    private static let soon: UInt64 = 5_000_000_000

    private let keeper: EgressKeeper
    private let eventLoop: any EventLoop
    private let allocator = ByteBufferAllocator()
    private let log: @Sendable (String) -> Void
    private var channel: (any Channel)?
    private var fetches: [UInt64: EgressFetch] = [:]
    private var nextID: UInt64 = 1
    private var startedAt: UInt64 = 0
    private var failures = 0
    private var hasBegun = false
    private var isStopped = false

    /// `log` hears when a broker ends.
    package init(keeper: EgressKeeper, eventLoop: any EventLoop, log: @escaping @Sendable (String) -> Void) {
        self.keeper = keeper
        self.eventLoop = eventLoop
        self.log = log
    }

    /// Asks for the first broker, once there is a function that may need it.
    func startIfNeeded() {
        guard !hasBegun else { return }
        hasBegun = true
        start()
    }

    private func start() {
        startedAt = System.monotonicNanoseconds()
        do {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            ClientBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        bound.value.channel = channel
                        try channel.pipeline.syncOperations.addHandler(EgressHandler(client: bound.value))
                    }
                }
                .withConnectedSocket(try keeper.makeBroker())
                .whenFailure { _ in bound.value.ended() }
        } catch {
            ended()
        }
    }

    /// No other is asked for any more.
    package func stop() {
        isStopped = true
        channel?.close(promise: nil)
    }

    /// The broker has gone.
    func ended() {
        channel = nil
        let orphans = fetches.values
        fetches = [:]
        for fetch in orphans {
            fetch.instance.report(fetch.record(.brokerLost), of: fetch.call)
            fetch.instance.fail(fetch, because: EgressFailure.brokerLost.error)
        }
        guard !isStopped else { return }
        let lived = System.monotonicNanoseconds() - startedAt
        failures = lived < Self.soon ? failures + 1 : 0
        let pause = min(Self.longestPause, .milliseconds(failures == 0 ? 1 : 25 << Int64(min(failures, 12))))
        log(
            "the egress broker ended after \(lived / 1_000_000) ms; another follows in \(pause.nanoseconds / 1_000_000)"
        )
        eventLoop.assumeIsolated().scheduleTask(in: pause) { [self] in
            if !isStopped { start() }
        }
    }

    // MARK: - From instances

    /// Whether there is a broker now.
    var isReady: Bool { channel != nil }

    /// A number for a new fetch.
    func makeID() -> UInt64 {
        defer { nextID += 1 }
        return nextID
    }

    /// Hands a request to the broker.
    func begin(_ fetch: EgressFetch, rules: [EgressRule], microseconds: UInt64, head: ByteBuffer) {
        fetches[fetch.id] = fetch
        var prefix: [UInt8] = []
        BrokerRequest.encodePrefix(
            function: fetch.call.key.function.text,
            rules: rules,
            microseconds: microseconds,
            to: &prefix
        )
        var payload = allocator.buffer(bytes: prefix)
        payload.writeImmutableBuffer(head)
        send(.fetch, fetch, payload, isEnd: fetch.head.bodyLength == 0)
    }

    /// Passes a frame of a function's on; what it says was checked.
    func send(_ kind: FrameType, _ fetch: EgressFetch, _ payload: ByteBuffer, isEnd: Bool) {
        let frame = FrameWriter.frame(kind, call: fetch.id, payload, isEnd: isEnd, allocator: allocator)
        channel?.writeAndFlush(frame, promise: nil)
    }

    /// Nobody waits for it any more.
    func cancel(_ fetch: EgressFetch) {
        guard fetches.removeValue(forKey: fetch.id) != nil else { return }
        send(.fetchCancel, fetch, ByteBuffer(), isEnd: true)
    }

    // MARK: - From the broker

    func receive(_ frame: IncomingFrame) throws(FrameViolation) {
        // What it says of one that was cancelled meanwhile is not asked for any more.
        guard let fetch = fetches[frame.call] else { return }
        switch frame.kind {
        case .fetchReport:
            do {
                let report = try FetchReport(decoding: Array(frame.payload.readableBytesView).span)
                fetch.instance.report(report.request, of: fetch.call)
            } catch {
                throw FrameViolation("a report does not parse")
            }
        case .fetchWindow:
            var payload = frame.payload
            fetch.granted(try FramePayload.window(&payload))
            fetch.instance.pass(frame, to: fetch)
        case .fetchResponse, .fetchBody, .fetchFailure:
            if frame.isEnd { fetches[frame.call] = nil }
            fetch.instance.pass(frame, to: fetch)
        default: throw FrameViolation("the broker sent a frame of another kind")
        }
    }
}
