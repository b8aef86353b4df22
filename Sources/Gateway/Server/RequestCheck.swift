package import Domain
package import NIOHTTP1

/// Refuses requests that two parties could read differently, or that are too large, before anyone acts on them.
package enum RequestCheck {
    /// What is wrong with a request's head, or nil.
    package static func problem(with head: HTTPRequestHead, limits: GatewayLimits) -> Problem? {
        let headers = head.headers
        let (length, lengths) = occurrences(of: "content-length", in: headers)
        let (encoding, encodings) = occurrences(of: "transfer-encoding", in: headers)
        // RFC 9112, section 6.3: a message with both, or with several lengths, is an attempt to smuggle.
        if encodings > 0, lengths > 0 {
            return malformed("a request has either Content-Length or Transfer-Encoding, not both")
        }
        if lengths > 1 || encodings > 1 { return malformed("a framing header is given twice") }
        if let encoding, encoding.lowercased() != "chunked" {
            return malformed("the only transfer encoding taken is chunked")
        }
        if head.version == .http1_0, encodings > 0 { return malformed("HTTP/1.0 has no transfer encodings") }
        let hosts = occurrences(of: "host", in: headers).count
        if hosts != 1, head.version != .http1_0 || hosts > 1 {
            return malformed("a request has exactly one Host header")
        }
        if head.version.major != 1 { return malformed("this listener speaks HTTP/1.1") }
        if !head.uri.utf8.starts(with: "/".utf8), head.uri != "*" { return malformed("the target must be a path") }
        if let length {
            guard let bytes = UInt64(length), length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return malformed("Content-Length must be a number")
            }
            if bytes > max(limits.requestBody.bytes, limits.bundle.bytes) {
                return Problem(
                    kind: "request.too-large",
                    title: "Request too large",
                    status: 413,
                    detail: "the body has \(bytes) bytes; at most \(limits.requestBody) are taken"
                )
            }
        }
        return nil
    }

    /// The first value of a header, whose name is in lower case here, and how often it is there; without an array of them.
    private static func occurrences(of name: String, in headers: HTTPHeaders) -> (first: String?, count: Int) {
        var (first, count): (String?, Int) = (nil, 0)
        for header in headers where isSame(header.name, name) {
            first = first ?? header.value
            count += 1
        }
        return (first, count)
    }

    private static func isSame(_ name: String, _ lowercased: String) -> Bool {
        name.utf8.count == lowercased.utf8.count
            && zip(name.utf8, lowercased.utf8).allSatisfy { byte, lower in
                byte == lower || (0x41...0x5a).contains(byte) && byte | 0x20 == lower
            }
    }

    static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "transfer-encoding")
            || head.headers.first(name: "content-length").map { $0 != "0" } ?? false
    }

    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version.minor > 0 && head.headers["expect"].contains { $0.lowercased() == "100-continue" }
    }

    private static func malformed(_ detail: String) -> Problem {
        Problem(kind: "request.malformed", title: "Malformed request", status: 400, detail: detail)
    }
}
