/// What a `response` frame begins with.
package struct ResponseHead: Sendable, Equatable {
    /// The HTTP status, 100 to 599.
    package var status: UInt16
    /// The headers, in order.
    package var headers: [HeaderField]

    /// Makes a head.
    package init(status: UInt16, headers: [HeaderField] = []) {
        self.status = status
        self.headers = headers
    }

    /// Reads a head from the start of a payload.
    ///
    /// - Returns: the head and the offset at which the body begins.
    package static func decode(
        _ bytes: borrowing Span<UInt8>
    ) throws(FrameError) -> (head: ResponseHead, bodyOffset: Int) {
        var cursor = ByteCursor()
        guard let status = cursor.integer(UInt16.self, in: bytes), (100...599).contains(status),
            let headers = HeaderField.decodeList(&cursor, in: bytes), headers.count <= WireLimits.responseHeaders
        else { throw .malformed(.response) }
        return (ResponseHead(status: status, headers: headers), cursor.offset)
    }

    /// Bytes that `encode` will append.
    package var encodedSize: Int {
        headers.reduce(4) { $0 + 6 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// Appends the head.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendInteger(status)
        HeaderField.encodeList(headers, to: &bytes)
    }
}
