import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// A problem on its way through the router.
struct ProblemError: HTTPResponseError {
    let problem: Problem
    var headers: [HeaderField] = []

    init(_ kind: String, _ status: Int, _ title: String, _ detail: String) {
        self.problem = Problem(kind: kind, title: title, status: status, detail: detail)
    }

    init(_ refusal: FrontDoor.Refusal) {
        self.problem = refusal.problem
        self.headers = refusal.headers
    }

    /// Input that is not what it should be.
    init(_ invalid: Invalid) {
        self.init("request.invalid", 400, "Invalid request", invalid.description)
    }

    static func notFound(_ what: String) -> ProblemError { .init("not-found", 404, "Not found", what) }

    var status: HTTPResponse.Status { .init(code: problem.status) }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var fields = HTTPFields()
        fields[.contentType] = Problem.mediaType
        for field in headers {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        if let name = HTTPField.Name("Godwit-Error") {
            fields[name] = headers.contains { $0.name == "godwit-error" } ? nil : FailureOrigin.platform.rawValue
        }
        for field in headers where field.name == "godwit-error" {
            if let name = HTTPField.Name("Godwit-Error") { fields[name] = field.value }
        }
        return Response(
            status: status,
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: JSON.encode(problem)))
        )
    }
}
