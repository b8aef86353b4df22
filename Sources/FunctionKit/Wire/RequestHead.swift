/// What a `request` frame begins with.
package struct RequestHead: Sendable, Equatable {
    /// The HTTP method.
    package var method: String
    /// The path after the function's name, still percent-encoded; "/" when there is none.
    package var path: String
    /// The query without its question mark.
    package var query: String
    /// The W3C trace context of the call.
    package var traceparent: String
    /// The id of the execution.
    package var executionID: String
    /// Microseconds until the deadline.
    package var remainingMicroseconds: UInt64
    /// The version of the function that was called.
    package var version: UInt32
    /// The headers, in order.
    package var headers: [HeaderField]

    /// Makes a head.
    package init(
        method: String,
        path: String = "/",
        query: String = "",
        traceparent: String = "",
        executionID: String,
        remainingMicroseconds: UInt64,
        version: UInt32 = 1,
        headers: [HeaderField] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.traceparent = traceparent
        self.executionID = executionID
        self.remainingMicroseconds = remainingMicroseconds
        self.version = version
        self.headers = headers
    }

    /// Reads a head from the start of a payload.
    ///
    /// - Returns: the head and the offset at which the body begins.
    package static func decode(
        _ bytes: borrowing Span<UInt8>
    ) throws(FrameError) -> (head: RequestHead, bodyOffset: Int) {
        var cursor = ByteCursor()
        guard let method = cursor.shortText(in: bytes),
            let path = cursor.longText(in: bytes),
            let query = cursor.longText(in: bytes),
            let traceparent = cursor.shortText(in: bytes),
            let executionID = cursor.shortText(in: bytes),
            let remaining = cursor.integer(UInt64.self, in: bytes),
            let version = cursor.integer(UInt32.self, in: bytes),
            let headers = HeaderField.decodeList(&cursor, in: bytes)
        else { throw .malformed(.request) }
        let head = RequestHead(
            method: method,
            path: path,
            query: query,
            traceparent: traceparent,
            executionID: executionID,
            remainingMicroseconds: remaining,
            version: version,
            headers: headers
        )
        return (head, cursor.offset)
    }

    /// Appends the head.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendShortText(method)
        bytes.appendLongText(path)
        bytes.appendLongText(query)
        bytes.appendShortText(traceparent)
        bytes.appendShortText(executionID)
        bytes.appendInteger(remainingMicroseconds)
        bytes.appendInteger(version)
        HeaderField.encodeList(headers, to: &bytes)
    }
}
