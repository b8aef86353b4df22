/// The place of a request in a distributed trace: W3C Trace Context (`traceparent`, `tracestate`).
///
/// A value always has a trace id and a span id other than zero.
package struct TraceContext: Hashable, Sendable {
    private static let sampledFlag: UInt8 = 1
    private static let randomFlag: UInt8 = 2

    private let traceHigh: UInt64
    private let traceLow: UInt64
    private let span: UInt64
    private let flags: UInt8

    /// What tracing systems pass along beside the ids, unread; at most 512 bytes.
    package let tracestate: String?

    /// Reads the headers of a request; nil when `traceparent` is not valid, in which case a new trace begins.
    ///
    /// Of versions after 00 only what version 00 has is read, and what follows it is dropped, as the specification says.
    /// A `tracestate` that is too long loses list members; one that is not printable ASCII is dropped.
    package init?(traceparent: String, tracestate: String? = nil) {
        let bytes = traceparent.utf8Span.span
        guard bytes.count >= 55, bytes[2] == Hexadecimal.dash, bytes[35] == Hexadecimal.dash,
            bytes[52] == Hexadecimal.dash, let version = Hexadecimal.value(0..<2, of: bytes), version != 0xff,
            let high = Hexadecimal.value(3..<19, of: bytes), let low = Hexadecimal.value(19..<35, of: bytes),
            let span = Hexadecimal.value(36..<52, of: bytes), let flags = Hexadecimal.value(53..<55, of: bytes),
            high | low != 0, span != 0
        else { return nil }
        guard bytes.count == 55 || (version > 0 && bytes[55] == Hexadecimal.dash) else { return nil }
        self.traceHigh = high
        self.traceLow = low
        self.span = span
        self.flags = UInt8(flags) & (version == 0 ? Self.sampledFlag | Self.randomFlag : Self.sampledFlag)
        self.tracestate = tracestate.flatMap(TraceState.bounded)
    }

    private init(high: UInt64, low: UInt64, span: UInt64, flags: UInt8, tracestate: String?) {
        self.traceHigh = high
        self.traceLow = low
        self.span = span
        self.flags = flags
        self.tracestate = tracestate
    }

    /// The root of a new trace.
    package static func makeRoot(sampled: Bool = true, using random: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(
            high: random.next(),
            // Zero means that there is none.
            low: max(1, random.next()),
            span: max(1, random.next()),
            flags: (sampled ? sampledFlag : 0) | randomFlag,
            tracestate: nil
        )
    }

    /// A span below this one, in the same trace.
    package func child(using random: inout some RandomNumberGenerator) -> TraceContext {
        let span: UInt64 = max(1, random.next())
        return TraceContext(high: traceHigh, low: traceLow, span: span, flags: flags, tracestate: tracestate)
    }

    /// The trace's id: 32 lower-case hexadecimal digits.
    package var traceID: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        Hexadecimal.append(traceHigh, to: &bytes)
        Hexadecimal.append(traceLow, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// This span's id: 16 lower-case hexadecimal digits.
    package var spanID: String {
        var bytes: [UInt8] = []
        Hexadecimal.append(span, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the caller records this trace.
    package var isSampled: Bool { flags & Self.sampledFlag != 0 }

    /// The header that passes this context on, in version 00.
    package var traceparent: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(55)
        bytes.append(contentsOf: "00-".utf8)
        Hexadecimal.append(traceHigh, to: &bytes)
        Hexadecimal.append(traceLow, to: &bytes)
        bytes.append(Hexadecimal.dash)
        Hexadecimal.append(span, to: &bytes)
        bytes.append(Hexadecimal.dash)
        bytes.append(UInt8(ascii: "0"))
        // Only the two lowest flags are ever kept.
        bytes.append(UInt8(ascii: "0") + flags)
        return String(decoding: bytes, as: UTF8.self)
    }
}
