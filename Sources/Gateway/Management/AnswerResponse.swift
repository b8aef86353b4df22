import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Gives a function's stored answer to whoever fetches it.
enum AnswerResponse {
    /// The function's own status, headers and body.
    static func make(_ answer: CallAnswer, record: ExecutionRecord) -> Response {
        var fields = HTTPFields()
        for field in answer.headers {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        fields[.callID] = record.id.text
        return Response(
            status: .init(code: answer.status),
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    /// A failed execution as a problem.
    static func problem(for failure: CallFailure, record: ExecutionRecord) -> ProblemError {
        let problem = ProblemResponse.problem(for: failure, callID: record.id, logs: record.logs)
        let headers = ProblemResponse.headers(for: failure) + [HeaderField("x-call-id", record.id.text)]
        return ProblemError(FrontDoor.Refusal(problem: problem, headers: headers))
    }
}
