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
        /// A descriptor that came with bytes whose frame is not read yet, or -1.
        var received: Int32 = -1
        /// Calls whose turn has not come, and the tickets without which they may not be begun.
        var offers: ArraySlice<Frame> = []
        var tickets: TicketPage?
    }

    let environment: InstanceEnvironment
    let style: Style
    /// Whether calls may be laid here ahead of their turn.
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
    /// better be forked; whether calls may lie ahead of their turn; and that the program can be started ahead (`Standby`).
    func sendReady(after initialising: Duration) {
        let (seconds, attoseconds) = initialising.components
        let nanoseconds = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
        send {
            $0.appendFrame(.ready, call: 0) {
                $0.append(WireLimits.version)
                $0.appendInteger(nanoseconds)
                $0.append((Initialisation.isDeclared ? 1 : 0) | (takesAhead ? 2 : 0) | 4)
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
            if let call = takeArrived() { return call }
            do throws(FrameError) {
                if let call = try takeOffer() { return call }
            } catch {
                close(.violated(error))
            }
            guard pump(.wait) else { return nil }
        }
    }

    /// The next call whose turn has come, and whose ticket the node has not taken back.
    private func takeOffer() throws(FrameError) -> Call? {
        try inbox.withLock { inbox throws(FrameError) in
            while let offer = inbox.offers.popFirst() {
                guard let tickets = inbox.tickets else { throw .unexpected(.offer, call: offer.call) }
                if tickets.take(offer.call) { return try begin(offer) }
            }
            return nil
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
        return inbox.withLock { read(into: &$0, waiting) }
    }

    /// Reads what is there, unless another thread is about it.
    func pumpIfIdle() {
        guard descriptor >= 0, closure == nil else { return }
        _ = inbox.withLockIfAvailable { read(into: &$0, .returnAtOnce) }
    }

    private func read(into inbox: inout Inbox, _ waiting: System.Waiting) -> Bool {
        do {
            var result = System.ReadResult.end
            let mayBringTickets = takesAhead && inbox.tickets == nil
            var received: Int32 = -1
            try inbox.decoder.fill { space, offset throws(SystemError) in
                result =
                    mayBringTickets
                    ? try System.receive(descriptor, into: &space, from: offset, waiting, descriptor: &received)
                    : try System.receive(descriptor, into: &space, from: offset, waiting)
                if case .bytes(let count) = result { return count }
                return 0
            }
            if received >= 0 { inbox.received = received }
            switch result {
            case .nothingYet: return true
            case .end: throw Closure.ended
            case .bytes:
                while let frame = try inbox.decoder.next() {
                    if frame.type == .tickets {
                        guard inbox.received >= 0 else { throw FrameError.unexpected(.tickets, call: frame.call) }
                        inbox.tickets = try TicketPage(inbox.received)
                        System.close(inbox.received)
                        inbox.received = -1
                    } else if frame.type == .offer {
                        inbox.offers.append(frame)
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
        case .request: return try begin(frame)
        case .body: try call(of: frame)?.receiveBody(frame.payload, isEnd: frame.isEnd)
        case .window: try call(of: frame)?.receiveWindow(WindowPayload(decoding: frame.payload.span))
        case .cancel:
            guard frame.payload.isEmpty else { throw .malformed(.cancel) }
            try call(of: frame)?.cancel()
        case .fetchBody, .fetchResponse, .fetchFailure, .fetchWindow: try call(of: frame)?.receiveFetch(frame)
        case .ready, .response, .failure, .log, .metric, .fetch, .fetchCancel, .fetchReport, .tickets, .offer:
            throw .unexpected(frame.type, call: frame.call)
        }
        return nil
    }

    private func begin(_ frame: Frame) throws(FrameError) -> Call {
        let call = try Call(frame, on: self)
        try calls.withLock { table throws(FrameError) in try table.insert(call, number: frame.call) }
        return call
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
