/// Serves calls of an `AsyncFunction`.
struct AsyncService<Handler: AsyncFunction>: AsynchronousService {
    let function: Handler

    func serve(_ call: Call) async {
        do {
            let body = try await body(of: call)
            try await answer(call, with: function.handle(Request(call.head, body: body), Context(call)))
        } catch {
            let error = FunctionError(describing: error)
            guard let response = error.response, !call.hasBegun else { return call.fail(error) }
            do { try await answer(call, with: response) } catch { call.fail(error) }
        }
    }

    private func answer(_ call: Call, with response: Response) async throws(FunctionError) {
        guard let sent = try call.respond(response) else { return }
        try await call.sendBodyInTask(Array(response.body[sent...]), isEnd: true)
    }

    private func body(of call: Call) async throws(FunctionError) -> [UInt8] {
        var body: [UInt8] = []
        while let chunk = try await call.nextChunkInTask() {
            let limit = call.environment.maximumBody
            guard body.count + chunk.count <= limit else { throw .bodyTooLong(limit: limit) }
            if body.isEmpty { body = chunk } else { body += chunk }
        }
        return body
    }
}
