package import Domain
package import FunctionKit

/// What a `fetch` frame says on its way from the node to the broker: the function's request, and who asks.
package struct BrokerRequest: Sendable, Equatable {
    package var function: String
    package var rules: [EgressRule]
    /// Microseconds that it may take.
    package var microseconds: UInt64
    package var head: FetchHead

    package init(function: String, rules: [EgressRule], microseconds: UInt64, head: FetchHead) {
        self.function = function
        self.rules = rules
        self.microseconds = microseconds
        self.head = head
    }

    /// Reads a payload; nothing may follow it.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let function = cursor.shortText(in: bytes), let count = cursor.integer(UInt16.self, in: bytes) else {
            throw .malformed(.fetch)
        }
        var rules: [EgressRule] = []
        for _ in 0..<count {
            guard let text = cursor.shortText(in: bytes), let rule = try? EgressRule(text) else {
                throw .malformed(.fetch)
            }
            rules.append(rule)
        }
        guard let microseconds = cursor.integer(UInt64.self, in: bytes) else { throw .malformed(.fetch) }
        self.init(
            function: function,
            rules: rules,
            microseconds: microseconds,
            head: try FetchHead.decode(&cursor, in: bytes)
        )
    }

    /// Appends what comes before the head, which the node passes on as the function wrote it.
    package static func encodePrefix(
        function: String,
        rules: [EgressRule],
        microseconds: UInt64,
        to bytes: inout [UInt8]
    ) {
        bytes.appendShortText(function)
        bytes.appendInteger(UInt16(clamping: rules.count))
        for rule in rules.prefix(Int(UInt16.max)) { bytes.appendShortText(rule.text) }
        bytes.appendInteger(microseconds)
    }

    /// Appends the payload.
    package func encode(to bytes: inout [UInt8]) {
        Self.encodePrefix(function: function, rules: rules, microseconds: microseconds, to: &bytes)
        head.encode(to: &bytes)
    }
}
