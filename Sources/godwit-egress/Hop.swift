import CCurl
import Domain
import Egress
import FunctionKit

/// One HTTP request on libcurl: a fetch is one of these, and one more for every redirect that it follows.
///
/// libcurl calls back into it while it lasts, with a pointer that is not counted: the broker keeps it alive until its
/// handle is gone.
@safe
final class Hop {
    let request: OutgoingRequest
    let handle: UnsafeMutableRawPointer
    private let policy: EgressPolicy
    private unowned let fetch: BrokerFetch
    private let began = System.now
    // SAFETY: each is the library's until deinit gives it back.
    private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
    /// libcurl writes what went wrong here, 256 bytes at most.
    private let reason: UnsafeMutablePointer<CChar>

    private var status = 0
    private var fields: [FunctionKit.HeaderField] = []
    private var headerBytes = 0
    private var hasHead = false
    private var hasLocation = false
    /// Whether the answer only says where to go, and its body is of no interest.
    private(set) var leadsOn = false
    private var discarded = 0
    private var address: IPAddress?
    private var refused: EgressError?
    /// Why we ended it, where we did.
    private var verdict: EgressError?
    var bytesUp: UInt64 = 0
    var bytesDown: UInt64 = 0
    var isReadPaused = false
    var isWritePaused = false

    /// Prepares a request; nil when there is no memory for it.
    init?(
        _ request: OutgoingRequest,
        policy: EgressPolicy,
        of fetch: BrokerFetch,
        milliseconds: Int,
        known: [IPAddress],
        authorities: String?
    ) {
        // SAFETY: what is made here is given back in deinit.
        guard let handle = unsafe curl_easy_init() else { return nil }
        self.request = request
        self.policy = policy
        self.fetch = fetch
        // SAFETY: the handle and the buffer are this object's own, and are given back in deinit.
        unsafe self.handle = handle
        unsafe reason = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard isSetUp(milliseconds: milliseconds, known: known, authorities: authorities) else { return nil }
    }

    deinit {
        // SAFETY: the broker has taken the handle out of the multi handle; the lists are not used after it.
        unsafe curl_easy_cleanup(handle)
        unsafe lists.forEach { unsafe curl_slist_free_all($0) }
        unsafe reason.deallocate()
    }

    // MARK: - Setting up

    private func isSetUp(milliseconds: Int, known: [IPAddress], authorities: String?) -> Bool {
        // SAFETY: all pointers handed over here are this object's, which outlives the transfer; texts are copied.
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        var results: [CURLcode] = []
        func set(_ option: CURLoption, _ value: Int) { unsafe results.append(ccurl_set_long(handle, option, value)) }
        func set(_ option: CURLoption, _ value: String) { unsafe results.append(ccurl_set_text(handle, option, value)) }
        set(CURLOPT_URL, request.url.text)
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        if request.bodyLength > 0 {
            set(CURLOPT_UPLOAD, 1)
            unsafe results.append(
                ccurl_set_size(handle, CURLOPT_INFILESIZE_LARGE, Int64(clamping: request.bodyLength))
            )
        }
        // Only HTTP, only as asked: no other protocol, no proxy, nothing of this machine's configuration, no memory.
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        // A connection is never shared: what one function has sent on it must not touch another's answer.
        set(CURLOPT_FRESH_CONNECT, 1)
        set(CURLOPT_FORBID_REUSE, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        if let authorities { set(CURLOPT_CAINFO, authorities) }
        // SAFETY: the handle is this hop's own and lives as long as it; the error buffer and `me`, which the callbacks are
        // given, do too; none of the options takes more than the pointer it is set to.
        if authorities != nil { unsafe results.append(ccurl_set_pointer(handle, CURLOPT_CAPATH, nil)) }
        set(CURLOPT_TIMEOUT_MS, max(1, milliseconds))
        set(CURLOPT_CONNECTTIMEOUT_MS, min(max(1, milliseconds), EgressLimits.connectMilliseconds))
        unsafe results.append(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, reason))
        // SAFETY: as above.
        for option in [
            CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA,
        ] {
            unsafe results.append(ccurl_set_pointer(handle, option, me))
        }
        unsafe results += [
            ccurl_set_transfer(handle, CURLOPT_HEADERFUNCTION, Hop.takeHeader),
            ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION, Hop.takeBody),
            ccurl_set_transfer(handle, CURLOPT_READFUNCTION, Hop.giveBody),
            ccurl_set_open(handle, Hop.openSocket),
            ccurl_set_before_request(handle, Hop.beforeRequest),
        ]
        // A header with an empty value is written like "Name;"; "Name:" takes away what the library would send.
        let headers = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        let names = Set(request.headers.map { $0.name.lowercased() })
        let own = ["Accept", "User-Agent", "Content-Type"].filter { !names.contains($0.lowercased()) }.map { "\($0):" }
        guard setList(CURLOPT_HTTPHEADER, headers + own + ["Expect:"]) else { return false }
        if !known.isEmpty {
            let list = known.map { $0.version4 == nil ? "[\($0)]" : "\($0)" }.joined(separator: ",")
            guard setList(CURLOPT_RESOLVE, ["\(request.url.host):\(request.url.port):\(list)"]) else { return false }
        }
        return results.allSatisfy { $0 == CURLE_OK }
    }

    private func setList(_ option: CURLoption, _ texts: [String]) -> Bool {
        // SAFETY: the list's nodes are the library's; the first is kept and freed in deinit.
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = unsafe curl_slist_append(list, text) else {
                unsafe curl_slist_free_all(list)
                return false
            }
            unsafe list = longer
        }
        guard let list = unsafe list else { return true }
        unsafe lists.append(list)
        return unsafe ccurl_set_list(handle, option, list) == CURLE_OK
    }

    // MARK: - What libcurl calls

    // SAFETY: the pointer that comes back is the one to the hop that was set, which is alive while its handle is.
    private static func of(_ pointer: UnsafeMutableRawPointer?) -> Hop? {
        unsafe pointer.map { unsafe Unmanaged<Hop>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let takeHeader:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            // SAFETY: the library passes so many bytes, which are read at once.
            guard let hop = unsafe of($3), let start = unsafe $0 else { return 0 }
            let count = $1 * $2
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
            let line = unsafe String(decoding: bytes, as: UTF8.self)
            return hop.receive(line: line, count: count) ? count : 0
        }

    private static let takeBody:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            // SAFETY: the library passes so many bytes, which are copied at once.
            guard let hop = unsafe of($3), let start = unsafe $0 else { return 0 }
            let count = $1 * $2
            return hop.receive(body: unsafe Array(UnsafeRawBufferPointer(start: start, count: count)))
        }

    private static let giveBody:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            // SAFETY: the library has room for so many bytes, and no more are written.
            guard let hop = unsafe of($3), let start = unsafe $0 else { return Int(CURL_READFUNC_ABORT) }
            guard let bytes = hop.fetch.takeBody(atMost: $1 * $2) else {
                hop.isReadPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
            hop.bytesUp += UInt64(bytes.count)
            unsafe UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyBytes(from: bytes)
            return bytes.count
        }

    private static let openSocket:
        @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?) ->
            curl_socket_t = {
                // SAFETY: the library's structure is live for the call; 16 bytes are there for the address.
                guard let hop = unsafe of($0), let place = unsafe $2 else { return CURL_SOCKET_BAD }
                var bytes = [UInt8](repeating: 0, count: 16)
                let count = unsafe ccurl_address(place, &bytes)
                guard hop.mayConnect(to: IPAddress(bytes: bytes.prefix(Int(count)))) else { return CURL_SOCKET_BAD }
                return unsafe ccurl_open(place)
            }

    private static let beforeRequest:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?, Int32, Int32
        )
            -> Int32 = { pointer, remote, _, _, _ in
                // SAFETY: the text is the library's and live for the call.
                guard let hop = unsafe of(pointer), let remote = unsafe remote else { return CURL_PREREQFUNC_ABORT }
                return hop.isConnected(to: unsafe String(cString: remote)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }

    // MARK: - Deciding

    /// Called for every address that a connection is tried to; the one that passes is the one that is connected to.
    private func mayConnect(to address: IPAddress?) -> Bool {
        guard let address else { return false }
        // For the record, should it come no further: the last address that was tried.
        self.address = address
        do {
            try policy.check(address, for: request.url)
            return true
        } catch {
            refused = refused ?? error
            return false
        }
    }

    /// Called when a connection stands, before anything is sent.
    private func isConnected(to text: String) -> Bool {
        guard let address = IPAddress(text) else {
            verdict = EgressError(.address, "\(request.url.host) is connected to something that is no address")
            return false
        }
        self.address = address
        do {
            try policy.check(address, for: request.url)
            return true
        } catch {
            verdict = error
            return false
        }
    }

    private func receive(line: String, count: Int) -> Bool {
        // What comes behind a body are trailers, which nobody here asked for.
        headerBytes += count
        guard headerBytes <= EgressLimits.responseHeaderBytes else {
            let most = EgressLimits.responseHeaderBytes
            verdict = EgressError(.size, "the headers of \(request.url.host)'s answer are longer than \(most) bytes")
            return false
        }
        if hasHead { return true }
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ", maxSplits: 2)
            status = words.count > 1 ? Int(words[1].prefix { $0.isNumber }) ?? 0 : 0
            (fields, hasLocation) = ([], false)
            return true
        }
        let text = line.last?.isNewline == true ? line.dropLast() : line[...]
        guard !text.isEmpty else { return isHeadTaken() }
        guard let colon = text.firstIndex(of: ":") else { return true }
        let name = text[..<colon].lowercased()
        if name == "location" { hasLocation = true }
        // How the bytes were cut on their way is over; curl has put them together.
        if ["transfer-encoding", "connection", "keep-alive"].contains(name) { return true }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields.append(FunctionKit.HeaderField(name, String(value)))
        return true
    }

    /// The head is complete: an interim one is dropped, one that leads on is kept from the function.
    private func isHeadTaken() -> Bool {
        if (100..<200).contains(status) { return true }
        guard (200...599).contains(status), fields.count <= WireLimits.responseHeaders else {
            verdict = EgressError(
                .answer,
                "\(request.url.host) answered with no valid status, or with too many headers"
            )
            return false
        }
        hasHead = true
        leadsOn = hasLocation && request.leadsOn(status)
        if !leadsOn { fetch.answer(ResponseHead(status: UInt16(status), headers: fields)) }
        return true
    }

    /// Takes a piece of the body: all of it or nothing; returns what libcurl is to be told.
    private func receive(body bytes: [UInt8]) -> Int {
        if leadsOn {
            discarded += bytes.count
            // The body of a redirect is a line of text; one that goes on is not read to its end.
            return discarded <= 1 << 20 ? bytes.count : 0
        }
        let limit = fetch.limits.responseBody
        guard bytesDown + UInt64(bytes.count) <= limit else {
            verdict = EgressError(.size, "the answer of \(request.url.host) has more than \(limit) bytes")
            return 0
        }
        guard fetch.pass(on: bytes) else {
            isWritePaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        bytesDown += UInt64(bytes.count)
        return bytes.count
    }

    // MARK: - The end

    /// Where the answer leads, as an absolute URL.
    var location: String? {
        var text: UnsafeMutablePointer<CChar>?
        // SAFETY: the library's text lives as long as the handle; it is copied at once.
        guard unsafe ccurl_get_text(handle, CURLINFO_REDIRECT_URL, &text) == CURLE_OK, let text = unsafe text else {
            return nil
        }
        return unsafe String(cString: text)
    }

    /// Why it failed; nil when it has been answered to the end.
    func failure(_ code: CURLcode) -> EgressError? {
        if let verdict { return verdict }
        if code == CURLE_OK {
            return hasHead ? nil : EgressError(.answer, "\(request.url.host) sent no HTTP answer")
        }
        if leadsOn, code == CURLE_WRITE_ERROR { return nil }
        if code == CURLE_COULDNT_CONNECT, let refused { return refused }
        // SAFETY: the library ends the text with a zero byte, within the buffer.
        let detail = unsafe String(cString: reason)
        let text = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : detail
        return EgressError(Self.kind(of: code), "\(request.url.host): \(Printable.text(text, limit: 300))")
    }

    private static func kind(of code: CURLcode) -> EgressError.Code {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .name
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
            .tls
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2: .answer
        case CURLE_FILESIZE_EXCEEDED: .size
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .broker
        default: .connection
        }
    }

    /// What goes into the call's record.
    func report(_ error: EgressError?) -> FetchReport {
        let host =
            switch request.url.host {
            case .name(let name): name
            case .address(let address): address.description
            }
        return FetchReport(
            EgressRequest(
                method: request.method,
                scheme: request.url.scheme,
                host: host,
                port: request.url.port,
                address: address?.description,
                status: hasHead ? status : nil,
                bytesUp: bytesUp,
                bytesDown: bytesDown,
                nanoseconds: System.now - began,
                error: error?.code.text
            )
        )
    }
}
