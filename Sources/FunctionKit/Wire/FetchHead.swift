/// What a request through the egress broker asks for.
package struct FetchHead: Sendable, Equatable {
    /// The HTTP method.
    package var method: String
    /// The whole URL.
    package var url: String
    /// Whether redirects are followed.
    package var followsRedirects: Bool
    /// Bytes of the body that follows.
    package var bodyLength: UInt64
    /// The headers, in order.
    package var headers: [HeaderField]

    /// Makes a head.
    package init(
        method: String,
        url: String,
        followsRedirects: Bool = true,
        bodyLength: UInt64 = 0,
        headers: [HeaderField] = []
    ) {
        self.method = method
        self.url = url
        self.followsRedirects = followsRedirects
        self.bodyLength = bodyLength
        self.headers = headers
    }

    /// Reads a head that ends where the bytes end.
    package static func decode(_ cursor: inout ByteCursor, in bytes: borrowing Span<UInt8>) throws(FrameError) -> Self {
        guard let method = cursor.shortText(in: bytes),
            let url = cursor.longText(in: bytes),
            let flags = cursor.integer(UInt8.self, in: bytes), flags <= 1,
            let bodyLength = cursor.integer(UInt64.self, in: bytes),
            let headers = HeaderField.decodeList(&cursor, in: bytes), cursor.offset == bytes.count
        else { throw .malformed(.fetch) }
        return FetchHead(
            method: method,
            url: url,
            followsRedirects: flags == 1,
            bodyLength: bodyLength,
            headers: headers
        )
    }

    /// Bytes that `encode` will append.
    package var encodedSize: Int {
        headers.reduce(17 + method.utf8.count + url.utf8.count) { $0 + 6 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// Appends the head.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendShortText(method)
        bytes.appendLongText(url)
        bytes.append(followsRedirects ? 1 : 0)
        bytes.appendInteger(bodyLength)
        HeaderField.encodeList(headers, to: &bytes)
    }
}
