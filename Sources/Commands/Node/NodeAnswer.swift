import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1

/// What a node answered; the body is read when it is asked for.
struct NodeAnswer: Sendable {
    /// Most bytes of a body that is read whole.
    private static let largestBody = 256 << 20

    private let response: HTTPClientResponse

    init(_ response: HTTPClientResponse) { self.response = response }

    var status: Int { Int(response.status.code) }
    var isSuccess: Bool { (200..<300).contains(status) }
    var headers: [(name: String, value: String)] { response.headers.map { ($0.name, $0.value) } }
    var statusLine: String { "HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)" }

    func header(_ name: String) -> String? { response.headers.first(name: name) }

    /// The body as it comes.
    var chunks: HTTPClientResponse.Body { response.body }

    func bytes() async throws -> [UInt8] {
        do {
            return Array(try await response.body.collect(upTo: Self.largestBody).readableBytesView)
        } catch {
            throw CommandFailure(.unreachable, "the node's answer was cut short: \(error)")
        }
    }

    /// The problem in this answer, as the error it is; nil when it is no problem of Godwit's.
    func failure() async throws -> CommandFailure? {
        let origin = header("Godwit-Error")
        let isProblem = header("Content-Type")?.hasPrefix(Problem.mediaType) == true
        // A function may answer with a problem of its own; what the platform says always names its origin.
        guard let origin else { return nil }
        let isFunctions = origin == FailureOrigin.function.rawValue
        let body = try await bytes()
        if isProblem, let problem = try? JSONText.value(Problem.self, from: body) {
            return CommandFailure(problem, isFunctions: isFunctions)
        }
        let text = Printable.text(String(decoding: body, as: UTF8.self), limit: 500)
        return CommandFailure(isFunctions ? .functionFailed : .error, "status \(status): \(text)")
    }
}
