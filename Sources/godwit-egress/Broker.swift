import CCurl
import Domain
import Egress
import FunctionKit

/// The broker: takes fetches from the node over one socket and makes them with libcurl, all in one thread.
@safe
final class Broker {
    /// Bytes to the node that may wait before it is taken to be gone; windows keep honest ones far below.
    private static let outgoingLimit = 256 << 20
    /// How often it is looked whether the files it works with are still the same, in milliseconds.
    private static let watchInterval: Int32 = 10_000

    private let socket: Int32
    private let options: BrokerOptions
    private let files: WatchedFiles
    private let multi: UnsafeMutableRawPointer
    private var hosts: HostsFile
    private var gate: RequestGate
    private var fetches: [UInt64: BrokerFetch] = [:]
    /// The fetches whose hops libcurl works on, by their handles.
    // SAFETY: the handles are only compared here.
    private var working: [UnsafeMutableRawPointer: BrokerFetch] = unsafe [:]
    private var decoder = FrameDecoder()
    private var outgoing: [UInt8] = []
    private var sent = 0

    init(socket: Int32, curl: Curl, options: BrokerOptions, files: WatchedFiles) {
        self.socket = socket
        self.options = options
        self.files = files
        self.hosts = HostsFile(path: options.hosts)
        self.gate = RequestGate(limits: options.limits)
        // SAFETY: what is made here lives as long as the process.
        guard let multi = unsafe curl_multi_init() else {
            System.complain("there is no memory to begin with")
            System.exit(1)
        }
        // SAFETY: the handle is this object's own, for the life of the process.
        unsafe self.multi = multi
        // Nothing is kept for a next request, so nothing needs to be kept open.
        unsafe _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)
    }

    /// Works until the node is gone, or a file that it works with has become another.
    func run() -> Never {
        while true {
            var running: Int32 = 0
            // SAFETY: the multi handle lives as long as the process, and the pointer is to a local.
            unsafe _ = curl_multi_perform(multi, &running)
            settle()
            flush()
            var wait = curl_waitfd(fd: socket, events: Int16(CURL_WAIT_POLLIN), revents: 0)
            if sent < outgoing.count { wait.events |= Int16(CURL_WAIT_POLLOUT) }
            var ready: Int32 = 0
            // SAFETY: both pointers are to locals that outlive the call.
            unsafe _ = curl_multi_poll(multi, &wait, 1, Self.watchInterval, &ready)
            if wait.revents != 0 { receive() }
            if fetches.isEmpty, sent == outgoing.count, !files.areUnchanged {
                System.complain("a file that it works with has changed: it ends, and another begins")
                System.exit(0)
            }
        }
    }

    // MARK: - The node

    private func receive() {
        switch System.read(socket, atMost: 2 * WireLimits.bodyChunk) {
        case .nothingYet: return
        case .end: System.exit(0)
        case .bytes(let bytes): decoder.append(bytes.span)
        }
        do {
            while let frame = try decoder.next() { try take(frame) }
        } catch {
            // The node is trusted, but what it passes on comes from functions: no guess is made at what was meant.
            System.complain("the node broke the protocol: \(error)")
            System.exit(70)
        }
    }

    private func take(_ frame: Frame) throws(FrameError) {
        switch frame.type {
        case .fetch:
            guard fetches[frame.call] == nil else { throw .unexpected(.fetch, call: frame.call) }
            begin(frame.call, try BrokerRequest(decoding: frame.payload.span), hasBody: !frame.isEnd)
        case .fetchBody:
            // One that has ended may still be sent to for a moment.
            guard let fetch = fetches[frame.call] else { return }
            guard fetch.receive(body: frame.payload, isEnd: frame.isEnd) else {
                throw .windowExceeded(call: frame.call)
            }
            resume(fetch)
        case .fetchWindow:
            guard let fetch = fetches[frame.call] else { return }
            fetch.grant(try WindowPayload(decoding: frame.payload.span).bytes)
            resume(fetch)
        case .fetchCancel:
            guard let fetch = fetches[frame.call] else { return }
            end(fetch, because: EgressError(.cancelled, "nobody waits any more"))
        case .ready, .request, .body, .response, .failure, .log, .window, .cancel, .metric, .fetchResponse,
            .fetchFailure, .fetchReport, .tickets, .offer:
            throw .unexpected(frame.type, call: frame.call)
        }
    }

    private func send(_ type: FrameType, _ call: UInt64, _ isEnd: Bool, _ body: (inout [UInt8]) -> Void) {
        outgoing.appendFrame(type, call: call, isEnd: isEnd, body)
        if outgoing.count - sent > Self.outgoingLimit { System.exit(70) }
    }

    private func flush() {
        while sent < outgoing.count {
            guard let count = System.write(socket, outgoing[sent...]) else { System.exit(0) }
            guard count > 0 else { break }
            sent += count
        }
        if sent == outgoing.count {
            outgoing.removeAll(keepingCapacity: outgoing.capacity <= 1 << 20)
            sent = 0
        } else if sent > 1 << 20 {
            outgoing.removeFirst(sent)
            sent = 0
        }
    }

    // MARK: - Fetches

    private func begin(_ id: UInt64, _ asked: BrokerRequest, hasBody: Bool) {
        let nanoseconds = asked.microseconds.multipliedReportingOverflow(by: 1000)
        let fetch = BrokerFetch(
            id: id,
            function: asked.function,
            policy: EgressPolicy(rules: asked.rules, opened: options.opened),
            limits: options.limits,
            deadline: System.now &+ (nanoseconds.overflow ? 900_000_000_000 : nanoseconds.partialValue),
            hasBody: hasBody
        ) { [unowned self] in send($0, $1, $2, $3) }
        do throws(EgressError) {
            let request = try OutgoingRequest(asked.head, limits: options.limits)
            guard hasBody == (request.bodyLength > 0) else {
                throw EgressError(.request, "the request has a body of another length than it says")
            }
            try fetch.policy.check(request.url)
            try gate.enter(fetch.function)
            fetches[id] = fetch
            try start(request, of: fetch)
        } catch {
            refuse(fetch, asked.head, because: error)
        }
    }

    /// Answers a fetch that does not begin.
    private func refuse(_ fetch: BrokerFetch, _ head: FetchHead, because error: EgressError) {
        if fetches.removeValue(forKey: fetch.id) != nil { gate.leave(fetch.function) }
        fetch.report(FetchReport(EgressRequest(refused: head, because: error)))
        fetch.fail(error)
    }

    private func start(_ request: OutgoingRequest, of fetch: BrokerFetch) throws(EgressError) {
        var known: [IPAddress] = []
        if case .name(let name) = request.url.host { known = hosts.addresses(of: name) }
        let hop = Hop(
            request,
            policy: fetch.policy,
            of: fetch,
            milliseconds: fetch.milliseconds,
            known: known,
            authorities: options.authorities
        )
        guard let hop else { throw EgressError(.broker, "the broker has no memory for another request") }
        // SAFETY: the hop is kept by its fetch until its handle has been taken out again.
        guard unsafe curl_multi_add_handle(multi, hop.handle) == CURLM_OK else {
            throw EgressError(.broker, "the broker could not begin the request")
        }
        fetch.hop = hop
        unsafe working[hop.handle] = fetch
    }

    /// Goes on where a transfer waited for the function.
    private func resume(_ fetch: BrokerFetch) {
        guard let hop = fetch.hop, hop.isReadPaused || hop.isWritePaused && fetch.takesMore else { return }
        hop.isReadPaused = false
        hop.isWritePaused = false
        // What cannot go on yet pauses again by itself.
        // SAFETY: the handle is live while the hop is.
        unsafe _ = curl_easy_pause(hop.handle, CURLPAUSE_CONT)
    }

    /// Takes the results of what has ended.
    private func settle() {
        var left: Int32 = 0
        // SAFETY: a message is the library's and live until the next call on the multi handle; it is read before.
        while let message = unsafe curl_multi_info_read(multi, &left) {
            let ended = unsafe message.pointee
            guard unsafe ended.msg == CURLMSG_DONE, let handle = unsafe ended.easy_handle,
                let fetch = unsafe working[handle], let hop = fetch.hop
            else { continue }
            complete(hop, of: fetch, code: unsafe ended.data.result)
        }
    }

    private func complete(_ hop: Hop, of fetch: BrokerFetch, code: CURLcode) {
        let location = hop.location
        let status = Int(hop.report(nil).request.status ?? 0)
        do throws(EgressError) {
            if let failure = hop.failure(code) { throw failure }
            let next =
                hop.leadsOn
                ? try hop.request.next(status, location: location ?? "", policy: fetch.policy) : .answer
            fetch.report(hop.report(nil))
            drop(hop, of: fetch)
            switch next {
            case .answer:
                fetch.finish()
                forget(fetch)
            case .follow(let request):
                do throws(EgressError) {
                    try start(request, of: fetch)
                } catch {
                    fetch.fail(error)
                    forget(fetch)
                }
            }
        } catch {
            end(fetch, because: error)
        }
    }

    /// Ends a fetch in the middle.
    private func end(_ fetch: BrokerFetch, because error: EgressError) {
        if let hop = fetch.hop {
            fetch.report(hop.report(error))
            drop(hop, of: fetch)
        }
        fetch.fail(error)
        forget(fetch)
    }

    private func drop(_ hop: Hop, of fetch: BrokerFetch) {
        // SAFETY: the handle was added to this multi handle, and is live while the hop is.
        unsafe _ = curl_multi_remove_handle(multi, hop.handle)
        unsafe working[hop.handle] = nil
        fetch.hop = nil
    }

    private func forget(_ fetch: BrokerFetch) {
        guard fetches.removeValue(forKey: fetch.id) != nil else { return }
        gate.leave(fetch.function)
    }
}
