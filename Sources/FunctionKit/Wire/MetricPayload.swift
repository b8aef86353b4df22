/// What a `metric` frame says.
package struct MetricPayload: Sendable, Equatable {
    /// What is done with the value.
    package var kind: MetricKind
    /// The value.
    package var value: Double
    /// The name of the metric.
    package var name: String

    /// Makes a payload.
    package init(kind: MetricKind, value: Double, name: String) {
        self.kind = kind
        self.value = value
        self.name = name
    }

    /// Reads a payload.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let kind = cursor.integer(UInt8.self, in: bytes).flatMap(MetricKind.init),
            let bits = cursor.integer(UInt64.self, in: bytes),
            bytes.count - cursor.offset <= WireLimits.metricName
        else { throw .malformed(.metric) }
        self.init(kind: kind, value: Double(bitPattern: bits), name: cursor.remainingText(in: bytes))
    }

    /// Appends the payload; a name beyond `WireLimits.metricName` bytes is cut.
    package func encode(to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.appendInteger(value.bitPattern)
        bytes.append(contentsOf: name.utf8.prefix(WireLimits.metricName))
    }
}
