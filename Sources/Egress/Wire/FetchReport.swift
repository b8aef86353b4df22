package import Domain
package import FunctionKit

/// What a `fetchReport` frame says.
package struct FetchReport: Sendable, Equatable {
    package var request: EgressRequest

    package init(_ request: EgressRequest) { self.request = request }

    /// Reads a payload; nothing may follow it.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let method = cursor.shortText(in: bytes), let scheme = cursor.integer(UInt8.self, in: bytes), scheme <= 1,
            let host = cursor.shortText(in: bytes), let port = cursor.integer(UInt16.self, in: bytes),
            let address = cursor.shortText(in: bytes), let status = cursor.integer(UInt16.self, in: bytes),
            let up = cursor.integer(UInt64.self, in: bytes), let down = cursor.integer(UInt64.self, in: bytes),
            let nanoseconds = cursor.integer(UInt64.self, in: bytes), let error = cursor.shortText(in: bytes),
            cursor.offset == bytes.count
        else { throw .malformed(.fetchReport) }
        request = EgressRequest(
            method: method,
            scheme: scheme == 1 ? .https : .http,
            host: host,
            port: port,
            address: address.isEmpty ? nil : address,
            status: status == 0 ? nil : Int(status),
            bytesUp: up,
            bytesDown: down,
            nanoseconds: nanoseconds,
            error: error.isEmpty ? nil : error
        )
    }

    /// Appends the payload.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendShortText(request.method)
        bytes.append(request.scheme == .https ? 1 : 0)
        bytes.appendShortText(request.host)
        bytes.appendInteger(request.port)
        bytes.appendShortText(request.address ?? "")
        bytes.appendInteger(UInt16(clamping: request.status ?? 0))
        bytes.appendInteger(request.bytesUp)
        bytes.appendInteger(request.bytesDown)
        bytes.appendInteger(request.nanoseconds)
        bytes.appendShortText(request.error ?? "")
    }
}
