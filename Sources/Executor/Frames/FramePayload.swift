package import Domain
import FunctionKit
package import NIOCore

/// Reads the payloads of frames that an instance sends.
package enum FramePayload {
    /// The status and headers of a `response`; what is left of the payload is body.
    package static func responseHead(
        _ payload: inout ByteBuffer
    ) throws(FrameViolation) -> (status: Int, [Domain.HeaderField]) {
        let malformed = FrameViolation("a response head does not parse")
        guard let status = payload.readInteger(endianness: .little, as: UInt16.self),
            let count = payload.readInteger(endianness: .little, as: UInt16.self)
        else { throw malformed }
        guard (100...599).contains(status) else { throw FrameViolation("\(status) is no status of a response") }
        guard count <= WireLimits.responseHeaders else {
            throw FrameViolation("a response has \(count) headers; \(WireLimits.responseHeaders) are allowed")
        }
        var headers: [Domain.HeaderField] = []
        headers.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let nameLength = payload.readInteger(endianness: .little, as: UInt16.self),
                let name = payload.readString(length: Int(nameLength)),
                let valueLength = payload.readInteger(endianness: .little, as: UInt32.self),
                let value = payload.readString(length: Int(valueLength))
            else { throw malformed }
            headers.append(Domain.HeaderField(name.lowercased(), value))
        }
        return (Int(status), headers)
    }

    /// The error type and message of a `failure`.
    package static func failure(_ payload: inout ByteBuffer) throws(FrameViolation) -> (type: String, message: String) {
        guard let typeLength = payload.readInteger(endianness: .little, as: UInt16.self),
            let type = payload.readString(length: Int(typeLength)),
            let messageLength = payload.readInteger(endianness: .little, as: UInt32.self),
            let message = payload.readString(length: Int(messageLength))
        else { throw FrameViolation("a failure does not parse") }
        return (type, message)
    }

    /// The bytes that a `window` grants.
    package static func window(_ payload: inout ByteBuffer) throws(FrameViolation) -> Int {
        guard let bytes = payload.readInteger(endianness: .little, as: UInt32.self), payload.readableBytes == 0 else {
            throw FrameViolation("a window does not parse")
        }
        return Int(bytes)
    }

    /// The level and text of a `log`.
    package static func log(_ payload: inout ByteBuffer) throws(FrameViolation) -> (level: String, message: String) {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard let level = payload.readInteger(as: UInt8.self), level < levels.count else {
            throw FrameViolation("a log entry has no known level")
        }
        return (levels[Int(level)], String(buffer: payload))
    }

    /// The kind, name and value of a `metric`.
    package static func metric(_ payload: inout ByteBuffer) throws(FrameViolation) -> FunctionMetric {
        guard let kind = payload.readInteger(as: UInt8.self).flatMap(MetricKind.init),
            let bits = payload.readInteger(endianness: .little, as: UInt64.self),
            payload.readableBytes <= WireLimits.metricName
        else { throw FrameViolation("a metric does not parse") }
        return FunctionMetric(kind: kind, name: String(buffer: payload), value: Double(bitPattern: bits))
    }
}
