import Synchronization

/// The socket to the node: reads frames and gives them to their calls, and writes frames whole.
final class Connection: Sendable {
    /// How a thread waits for news of its call.
    enum Style: Sendable {
        /// There is only one thread that matters; it reads the socket itself.
        case pumping
        /// Another thread reads the socket and rings.
        case parked
    }

    private struct Inbox {
        var decoder = FrameDecoder()
        /// Calls that began and that nobody serves yet.
        var arrived: ArraySlice<Call> = []
        /// A socket that came with bytes whose frame is not read yet, or -1.
        var received: Int32 = -1
        /// Where calls lie ahead of their turn, each a packet, until they are taken; or -1.
        var ahead: Int32 = -1
    }

    let environment: InstanceEnvironment
    let style: Style
    /// Whether it looks for calls that lie ahead of their turn.
    private let takesAhead: Bool
    /// The socket; -1 in tests of functions, where everything written is dropped.
    let descriptor: Int32
    private let inbox = Mutex(Inbox())
    private let calls: Mutex<CallTable<Call>>
    /// Frames on their way out; kept to reuse its memory.
    private let outbox = Mutex<[UInt8]>([])
    private let closed = Mutex<Closure?>(nil)

    init(_ descriptor: Int32, environment: InstanceEnvironment, style: Style, takesAhead: Bool = false) {
        self.descriptor = descriptor
        self.takesAhead = takesAhead
        self.environment = environment
        self.style = style
        self.calls = Mutex(CallTable(limit: environment.concurrency))
    }

    /// Why no more frames will come; nil while they may.
    var closure: Closure? { closed.withLock { $0 } }

    // MARK: - Writing

    /// Lets `build` append whole frames and writes them; what fails shows when reading.
    func send(_ build: (inout [UInt8]) -> Void) {
        guard descriptor >= 0 else { return }
        outbox.withLock { bytes in
            bytes.removeAll(keepingCapacity: true)
            build(&bytes)
            try? System.write(descriptor, bytes.span)
        }
    }

    /// Tells the node that calls may come.
    ///
    /// Says too how long the function took to initialise; whether it has something to initialise, so that instances had
    /// better be forked; and whether calls may lie ahead of their turn.
    func sendReady(after initialising: Duration) {
        let (seconds, attoseconds) = initialising.components
        let nanoseconds = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
        send {
            $0.appendFrame(.ready, call: 0) {
                $0.append(WireLimits.version)
                $0.appendInteger(nanoseconds)
                $0.append((Initialisation.isDeclared ? 1 : 0) | (takesAhead ? 2 : 0))
            }
        }
    }

    /// Takes a call out of the table, before its last frame goes: the next may come at once after that.
    func forget(_ call: Call) { calls.withLock { $0.remove(call.number) } }

    // MARK: - Reading

    /// The next call that nobody serves; waits for it.
    ///
    /// - Returns: nil when no more calls will come.
    func nextCall() -> Call? {
        while true {
            if let call = takeArrived() ?? takeAhead() { return call }
            guard awaitNews() else { return nil }
        }
    }

    /// Takes the first call that lies ahead of its turn, for that has come.
    ///
    /// Nobody else can have it from here on.
    private func takeAhead() -> Call? {
        guard closure == nil else { return nil }
        return inbox.withLock { inbox in
            // What is left of a frame is in the way.
            guard inbox.ahead >= 0, inbox.decoder.bufferedBytes == 0 else { return nil }
            guard read(from: inbox.ahead, into: &inbox, .returnAtOnce) else { return nil }
            return inbox.arrived.popFirst()
        }
    }

    /// Waits until there is something to take; false when nothing more will come.
    private func awaitNews() -> Bool {
        let ahead = inbox.withLock { $0.decoder.bufferedBytes == 0 ? $0.ahead : -1 }
        guard ahead >= 0, closure == nil else { return pump(.wait) }
        do {
            return try System.waitReadable(descriptor, ahead).first ? pump(.returnAtOnce) : true
        } catch {
            close(.failed(error))
            return false
        }
    }

    /// A call that has arrived and that nobody serves.
    func takeArrived() -> Call? { inbox.withLock { $0.arrived.popFirst() } }

    /// Reads once and gives frames to their calls.
    ///
    /// - Returns: false when nothing more will come.
    @discardableResult
    func pump(_ waiting: System.Waiting) -> Bool {
        guard descriptor >= 0, closure == nil else { return false }
        return inbox.withLock { read(from: descriptor, into: &$0, waiting) }
    }

    /// Reads what is there, unless another thread is about it.
    func pumpIfIdle() {
        guard descriptor >= 0, closure == nil else { return }
        _ = inbox.withLockIfAvailable { read(from: descriptor, into: &$0, .returnAtOnce) }
    }

    private func read(from source: Int32, into inbox: inout Inbox, _ waiting: System.Waiting) -> Bool {
        do {
            var result = System.ReadResult.end
            let mayBringSocket = takesAhead && inbox.ahead < 0
            var received: Int32 = -1
            try inbox.decoder.fill { space, offset throws(SystemError) in
                result =
                    mayBringSocket
                    ? try System.receive(source, into: &space, from: offset, waiting, descriptor: &received)
                    : try System.receive(source, into: &space, from: offset, waiting)
                if case .bytes(let count) = result { return count }
                return 0
            }
            if received >= 0 { inbox.received = received }
            switch result {
            case .nothingYet: return true
            case .end: throw Closure.ended
            case .bytes:
                while let frame = try inbox.decoder.next() {
                    if frame.type == .ahead {
                        guard inbox.received >= 0 else { throw FrameError.unexpected(.ahead, call: frame.call) }
                        swap(&inbox.ahead, &inbox.received)
                    } else if let call = try route(frame) {
                        inbox.arrived.append(call)
                    }
                }
                return true
            }
        } catch let error as FrameError {
            close(.violated(error))
        } catch let error as SystemError {
            close(.failed(error))
        } catch {
            close(.ended)
        }
        return false
    }

    /// Gives a frame to its call; returns the call that it begins, if it does.
    private func route(_ frame: Frame) throws(FrameError) -> Call? {
        switch frame.type {
        case .request:
            let call = try Call(frame, on: self)
            try calls.withLock { table throws(FrameError) in try table.insert(call, number: frame.call) }
            return call
        case .body: try call(of: frame)?.receiveBody(frame.payload, isEnd: frame.isEnd)
        case .window: try call(of: frame)?.receiveWindow(WindowPayload(decoding: frame.payload.span))
        case .cancel:
            guard frame.payload.isEmpty else { throw .malformed(.cancel) }
            try call(of: frame)?.cancel()
        case .fetchBody, .fetchResponse, .fetchFailure, .fetchWindow: try call(of: frame)?.receiveFetch(frame)
        case .ready, .response, .failure, .log, .metric, .fetch, .fetchCancel, .fetchReport, .ahead:
            throw .unexpected(frame.type, call: frame.call)
        }
        return nil
    }

    /// The call of a frame; nil for one that just ended.
    private func call(of frame: Frame) throws(FrameError) -> Call? {
        switch calls.withLock({ $0[frame.call] }) {
        case .inFlight(let call): return call
        case .ended: return nil
        case .unknown: throw .unknownCall(frame.call)
        }
    }

    private func close(_ closure: Closure) {
        closed.withLock { $0 = $0 ?? closure }
        for call in calls.withLock({ $0.inFlight }) { call.disconnect() }
    }
}
