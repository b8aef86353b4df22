/// An error of the platform as clients see it: RFC 9457 `application/problem+json`.
package struct Problem: Hashable, Sendable, Codable {
    /// A stable name of the kind of problem, as a URN: `urn:godwit:problem:limit.time`.
    package let type: String
    /// The kind in words; the same for every occurrence.
    package let title: String
    package let status: Int
    /// What happened this time, and what to do about it.
    package let detail: String
    /// The id of the call it happened in, where there is one.
    package let callId: String?
    /// The last lines that the function wrote, when it is the function that failed.
    package let logs: [String]?

    /// The media type of a problem.
    package static let mediaType = "application/problem+json"
    private static let prefix = "urn:godwit:problem:"

    /// `kind` is the stable name without its prefix.
    package init(
        kind: String,
        title: String,
        status: Int,
        detail: String,
        callID: String? = nil,
        logs: [String]? = nil
    ) {
        self.type = Self.prefix + kind
        self.title = title
        self.status = status
        self.detail = detail
        self.callId = callID
        self.logs = logs
    }

    /// The stable name without its prefix.
    package var kind: String { type.hasPrefix(Self.prefix) ? String(type.dropFirst(Self.prefix.count)) : type }
}
