package import Domain
package import NIOHTTP1

/// Refuses requests that two parties could read differently, or that are too large, before anyone acts on them.
package enum RequestCheck {
    /// What is wrong with a request's head, or nil.
    package static func problem(with head: HTTPRequestHead, limits: GatewayLimits) -> Problem? {
        let headers = head.headers
        let lengths = headers["content-length"]
        let encodings = headers["transfer-encoding"]
        // RFC 9112, section 6.3: a message with both, or with several lengths, is an attempt to smuggle.
        if !encodings.isEmpty, !lengths.isEmpty {
            return malformed("a request has either Content-Length or Transfer-Encoding, not both")
        }
        if lengths.count > 1 || encodings.count > 1 { return malformed("a framing header is given twice") }
        if let encoding = encodings.first, encoding.lowercased() != "chunked" {
            return malformed("the only transfer encoding taken is chunked")
        }
        if head.version == .http1_0, !encodings.isEmpty { return malformed("HTTP/1.0 has no transfer encodings") }
        if headers["host"].count != 1, head.version != .http1_0 || headers["host"].count > 1 {
            return malformed("a request has exactly one Host header")
        }
        if head.version.major != 1 { return malformed("this listener speaks HTTP/1.1") }
        if !head.uri.utf8.starts(with: "/".utf8), head.uri != "*" { return malformed("the target must be a path") }
        if let length = lengths.first {
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

    static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "transfer-encoding")
            || head.headers["content-length"].first.map { $0 != "0" } ?? false
    }

    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version.minor > 0 && head.headers["expect"].contains { $0.lowercased() == "100-continue" }
    }

    private static func malformed(_ detail: String) -> Problem {
        Problem(kind: "request.malformed", title: "Malformed request", status: 400, detail: detail)
    }
}
