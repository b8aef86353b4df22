import Domain
import NIOCore
import NIOHTTP1

/// Puts problems on the wire.
enum ProblemResponse {
    /// Lines of a function's log that a failure shows.
    private static let shownLines = 10

    /// The response to a request that failed.
    static func make(_ problem: Problem, headers: [HeaderField], isClosing: Bool) -> (HTTPResponseHead, ByteBuffer) {
        let body = ByteBuffer(bytes: JSON.encode(problem))
        var fields = HTTPHeaders()
        fields.add(name: "content-type", value: Problem.mediaType)
        fields.add(name: "content-length", value: "\(body.readableBytes)")
        if !headers.contains(where: { $0.name == "godwit-error" }) {
            fields.add(name: "godwit-error", value: FailureOrigin.platform.rawValue)
        }
        for field in headers { fields.add(name: field.name, value: field.value) }
        if isClosing { fields.add(name: "connection", value: "close") }
        return (HTTPResponseHead(version: .http1_1, status: .init(statusCode: problem.status), headers: fields), body)
    }

    /// A failed call as a problem.
    static func problem(for failure: CallFailure, callID: ExecutionID?, logs: [LogEntry]) -> Problem {
        let isFunction = failure.origin == .function
        return Problem(
            kind: failure.kind.rawValue,
            title: isFunction ? "The function failed" : "The call could not be run",
            status: failure.kind.httpStatus,
            detail: failure.errorType.map { "\($0): \(failure.message)" } ?? failure.message,
            callID: callID?.text,
            logs: isFunction && !logs.isEmpty ? logs.suffix(shownLines).map(\.message) : nil
        )
    }

    /// The headers that go with a failed call.
    static func headers(for failure: CallFailure) -> [HeaderField] {
        var headers = [HeaderField("godwit-error", failure.origin.rawValue)]
        if failure.kind == .overloaded || failure.kind == .draining { headers.append(HeaderField("retry-after", "1")) }
        return headers
    }
}
