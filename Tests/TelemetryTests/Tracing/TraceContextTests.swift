import Telemetry
import Testing

@Suite struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test(
        "reads what the specification calls valid",
        arguments: [
            ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-ff", true),
            ("00-\(trace)-\(span)-02", false), ("01-\(trace)-\(span)-01", true), ("01-\(trace)-\(span)-01-what", true),
            ("cc-\(trace)-\(span)-01-what-the-future-will-be-like", true), ("cc-\(trace)-\(span)-01-", true),
            ("fe-\(trace)-\(span)-08", false), ("00-\(trace)-0000000000000001-01", true),
            ("00-00000000000000000000000000000001-\(span)-01", true),
            ("00-10000000000000000000000000000000-\(span)-01", true),
        ]
    )
    func valid(_ header: String, _ isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: header))
        #expect(context.isSampled == isSampled)
        #expect(context.traceID == header.dropFirst(3).prefix(32))
        #expect(context.spanID == header.dropFirst(36).prefix(16))
        #expect(context.traceparent.hasPrefix("00-"))
        #expect(TraceContext(traceparent: context.traceparent) == context)
    }

    @Test(
        "refuses what the specification calls invalid",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-001",
            "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-what", "00-\(trace)-\(span)-0101",
            "ff-\(trace)-\(span)-01",
            "cc-\(trace)-\(span)-01.what", "cc-\(trace)-\(span)-0", "0-\(trace)-\(span)-01", "000-\(trace)-\(span)-01",
            ".0-\(trace)-\(span)-01", "0.-\(trace)-\(span)-01", "00-00000000000000000000000000000000-\(span)-01",
            "00-\(trace)-0000000000000000-01", "00-.af7651916cd43dd8448eb211c80319c-\(span)-01",
            "00-0AF7651916CD43DD8448EB211C80319C-\(span)-01", "00-\(trace)-B7AD6B7169203331-01",
            "00-\(trace)-\(span)-0A", "00-\(trace)-\(span)-.0", "00_\(trace)_\(span)_01", " 00-\(trace)-\(span)-01",
            "00-\(trace)-\(span)-01 ", "00-\(trace)-\(span)-é", "00-\(trace.dropLast())-\(span)-01",
            "00-\(trace)-\(span.dropLast())-01", "00-\(trace)0-\(span)-01",
        ]
    )
    func invalid(_ header: String) { #expect(TraceContext(traceparent: header) == nil) }

    @Test func passesOnlyKnownFlagsOn() throws {
        let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-ff"))
        #expect(context.traceparent == "00-\(Self.trace)-\(Self.span)-03")
        let future = try #require(TraceContext(traceparent: "42-\(Self.trace)-\(Self.span)-ff-more"))
        #expect(future.traceparent == "00-\(Self.trace)-\(Self.span)-01")
    }

    @Test func aChildIsInTheSameTrace() throws {
        var random = SeededGenerator(1)
        let header = "00-\(Self.trace)-\(Self.span)-01"
        let parent = try #require(TraceContext(traceparent: header, tracestate: "a=1,b=2"))
        let child = parent.child(using: &random)
        #expect(child.traceID == parent.traceID)
        #expect(child.spanID != parent.spanID)
        #expect(child.isSampled)
        #expect(child.tracestate == "a=1,b=2")
    }

    @Test func rootsAreDifferentAndValid() {
        var random = SeededGenerator(2)
        let roots = (0..<1000).map { _ in TraceContext.makeRoot(using: &random) }
        #expect(Set(roots.map(\.traceID)).count == 1000)
        #expect(roots.allSatisfy { TraceContext(traceparent: $0.traceparent) == $0 && $0.isSampled })
        #expect(!TraceContext.makeRoot(sampled: false, using: &random).isSampled)
    }

    @Test(
        "bounds tracestate",
        arguments: [
            ("a=1", "a=1"), ("a=1, \tb=2,,", "a=1,b=2"), ("", nil), (" , ", nil), ("a=1\r\nEvil: yes", nil),
            ("a=\u{7f}", nil), ("a=é", nil),
            ((0..<40).map { "k\($0)=v" }.joined(separator: ","), (0..<32).map { "k\($0)=v" }.joined(separator: ",")),
            ("a=" + String(repeating: "x", count: 300) + ",b=1,c=" + String(repeating: "x", count: 300), "b=1"),
            ("a=" + String(repeating: "x", count: 300), "a=" + String(repeating: "x", count: 300)),
            (
                (0..<6).map { _ in String(repeating: "x", count: 100) }.joined(separator: ","),
                (0..<5).map { _ in String(repeating: "x", count: 100) }.joined(separator: ",")
            ),
        ] as [(String, String?)]
    )
    func tracestate(_ given: String, _ kept: String?) throws {
        let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: given))
        #expect(context.tracestate == kept)
    }
}
