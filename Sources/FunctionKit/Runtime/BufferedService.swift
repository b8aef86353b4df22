/// Serves calls of a `Function`: the whole body in, the whole response out.
struct BufferedService<Handler: Function>: SynchronousService {
    let function: Handler

    func serve(_ call: Call) {
        do {
            let body = try body(of: call)
            try answer(call, with: function.handle(Request(call.head, body: body), Context(call)))
        } catch {
            let error = FunctionError(describing: error)
            guard let response = error.response, !call.hasBegun else { return call.fail(error) }
            do { try answer(call, with: response) } catch { call.fail(error) }
        }
    }

    private func answer(_ call: Call, with response: Response) throws(FunctionError) {
        guard let sent = try call.respond(response) else { return }
        try call.sendBody(Array(response.body[sent...]), isEnd: true)
    }

    private func body(of call: Call) throws(FunctionError) -> [UInt8] {
        var body: [UInt8] = []
        while let chunk = try call.nextChunk() {
            let limit = call.environment.maximumBody
            guard body.count + chunk.count <= limit else { throw .bodyTooLong(limit: limit) }
            if body.isEmpty { body = chunk } else { body += chunk }
        }
        return body
    }
}
