import Domain

extension NodeClient {
    /// Reads a value, lets `change` make a request body of it, and sends that on the condition that the value is still
    /// the one that was read; the answer is the value as it is then.
    ///
    /// Where somebody else was faster it starts anew, once; with a revision given by the user it does not, but tells
    /// what there is now.
    func revise<Value: Revised>(
        _ type: Value.Type,
        by method: String = "PUT",
        at path: String? = nil,
        onlyOn required: Int? = nil,
        _ context: CommandContext,
        _ change: (Value) throws -> [UInt8]
    ) async throws -> Fetched<Value> {
        for _ in 0..<(required == nil ? 2 : 1) {
            let current = try await value(type, Value.path).value
            let revision = required ?? current.revision
            let answer = try await send(
                method,
                path ?? Value.path,
                headers: [("Content-Type", "application/json"), ("If-Match", "\"\(revision)\"")],
                body: .bytes(try change(current))
            )
            if answer.status == 412 {
                // Read, so that the connection can be used again.
                _ = try await answer.bytes()
                continue
            }
            return try await decoded(answer)
        }
        throw try await conflict(type, required, context)
    }

    private func decoded<Value: Decodable>(_ answer: NodeAnswer) async throws -> Fetched<Value> {
        guard answer.isSuccess else {
            if let failure = try await answer.failure() { throw failure }
            throw CommandFailure("\(access.url) answered with status \(answer.status); is it a Godwit node?")
        }
        let bytes = try await answer.bytes()
        guard let value = try? JSONText.value(Value.self, from: bytes) else {
            throw CommandFailure("the answer of \(access.url) is not understood; do node and command line match?")
        }
        return Fetched(value: value, json: bytes)
    }

    private func conflict<Value: Revised>(
        _ type: Value.Type,
        _ required: Int?,
        _ context: CommandContext
    ) async throws -> CommandFailure {
        let current = try await value(type, Value.path).value
        let why = required.map { "they are no longer of revision \($0)" } ?? "they keep changing"
        let lines = ["somebody else changed \(Value.noun): \(why); nothing was written", "now there is:"]
        let hint = "look at it with `\(Value.showing)`, then try again"
        return CommandFailure(
            (lines + current.summary(now: context.now()).map { "  \($0)" } + [hint]).joined(separator: "\n")
        )
    }
}
