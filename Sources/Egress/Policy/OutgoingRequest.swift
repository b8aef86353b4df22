import Domain
package import FunctionKit

/// A request that the broker is about to make: checked, and ready to be sent as it is.
package struct OutgoingRequest: Sendable, Equatable {
    /// What comes after an answer.
    package enum Next: Sendable, Equatable {
        /// It is the answer.
        case answer
        /// It points elsewhere, and this is to be asked there, without a body.
        case follow(OutgoingRequest)
    }

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// What the broker writes itself, or what would change where the bytes go or how they are cut.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "proxy-authorization", "proxy-authenticate", "proxy-connection", "http2-settings",
    ]
    /// What is for the eyes of one origin only.
    private static let credentials: Set<String> = ["authorization", "cookie", "proxy-authorization"]

    package let method: String
    package let url: EgressURL
    package let headers: [FunctionKit.HeaderField]
    package let bodyLength: UInt64
    package let followsRedirects: Bool
    /// Redirects that led here.
    package let redirects: Int

    /// Checks a function's request; throws what is wrong with it.
    package init(_ head: FetchHead, limits: EgressLimits) throws(EgressError) {
        guard Self.methods.contains(head.method) else {
            let known = Self.methods.joined(separator: ", ")
            throw EgressError(.request, "the method '\(Printable.text(head.method))' is none of \(known)")
        }
        guard head.bodyLength <= limits.requestBody else {
            throw EgressError(.size, "the request has \(head.bodyLength) bytes; there may be \(limits.requestBody)")
        }
        guard head.bodyLength == 0 || (head.method != "GET" && head.method != "HEAD") else {
            throw EgressError(.request, "a \(head.method) request has no body")
        }
        self.init(
            method: head.method,
            url: try EgressURL(head.url),
            headers: try Self.checked(head.headers),
            bodyLength: head.bodyLength,
            followsRedirects: head.followsRedirects,
            redirects: 0
        )
    }

    private init(
        method: String,
        url: EgressURL,
        headers: [FunctionKit.HeaderField],
        bodyLength: UInt64,
        followsRedirects: Bool,
        redirects: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.bodyLength = bodyLength
        self.followsRedirects = followsRedirects
        self.redirects = redirects
    }

    /// Whether an answer of that status, which names a place to go to, is not the last one.
    ///
    /// A body is sent once: where it would have to be sent again, the redirect is the function's to follow.
    package func leadsOn(_ status: Int) -> Bool {
        guard followsRedirects else { return false }
        switch status {
        case 303: return true
        case 301, 302: return bodyLength == 0 || method == "POST"
        case 307, 308: return bodyLength == 0
        default: return false
        }
    }

    /// What to ask after an answer of that status, which leads on to `location`, an absolute URL.
    package func next(_ status: Int, location: String, policy: EgressPolicy) throws(EgressError) -> Next {
        guard leadsOn(status) else { return .answer }
        guard redirects < EgressLimits.redirects else {
            throw EgressError(.redirect, "\(url.host) redirects for the \(EgressLimits.redirects + 1)th time")
        }
        let target: EgressURL
        do {
            target = try EgressURL(location)
        } catch {
            throw EgressError(.redirect, "\(url.host) redirects to where nobody can go: \(error.message)")
        }
        guard url.scheme == .http || target.scheme == .https else {
            throw EgressError(.redirect, "\(url.host) redirects from https to http, to \(target.host)")
        }
        do {
            try policy.check(target)
        } catch {
            throw EgressError(error.code, "\(url.host) redirects to \(target.host): \(error.message)")
        }
        let becomesGet = status == 303 ? method != "GET" && method != "HEAD" : status <= 302 && method == "POST"
        let leaves = target.origin != url.origin
        let headers = headers.filter { header in
            let name = header.name.lowercased()
            return !(leaves && Self.credentials.contains(name)) && !(becomesGet && name.hasPrefix("content-"))
        }
        return .follow(
            OutgoingRequest(
                method: becomesGet ? "GET" : method,
                url: target,
                headers: headers,
                bodyLength: 0,
                followsRedirects: true,
                redirects: redirects + 1
            )
        )
    }

    private static func checked(
        _ headers: [FunctionKit.HeaderField]
    ) throws(EgressError) -> [FunctionKit.HeaderField] {
        var bytes = 0
        for header in headers {
            bytes += header.name.utf8.count + header.value.utf8.count + 4
            let shown = Printable.text(header.name)
            guard (1...256).contains(header.name.utf8.count), header.name.utf8.allSatisfy(isTokenByte) else {
                throw EgressError(.request, "'\(shown)' is no name of a header")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw EgressError(.request, "the value of header '\(shown)' has control characters")
            }
            guard !reserved.contains(header.name.lowercased()) else {
                throw EgressError(.request, "the header '\(shown)' is set by the broker; leave it out")
            }
        }
        guard headers.count <= EgressLimits.requestHeaders, bytes <= EgressLimits.requestHeaderBytes else {
            throw EgressError(
                .size,
                "the request has \(headers.count) headers of \(bytes) bytes; there may be "
                    + "\(EgressLimits.requestHeaders) of \(EgressLimits.requestHeaderBytes)"
            )
        }
        return headers
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
