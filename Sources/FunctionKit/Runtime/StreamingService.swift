/// Serves calls of a `StreamingFunction`.
struct StreamingService<Handler: StreamingFunction>: SynchronousService {
    let function: Handler

    func serve(_ call: Call) {
        do {
            try function.handle(Request(call.head), BodyReader(call), ResponseWriter(call), Context(call))
            if call.hasBegun {
                try call.sendBody([], isEnd: true)
            } else {
                _ = try call.respond(.status(200))
            }
        } catch {
            let error = FunctionError(describing: error)
            guard let response = error.response, !call.hasBegun else { return call.fail(error) }
            // A problem document is shorter than the window: one frame takes it, or the call is over anyway.
            if (try? call.respond(response)) != .some(nil) { call.fail(error) }
        }
    }
}
