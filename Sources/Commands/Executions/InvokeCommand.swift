package import ArgumentParser
package import Domain

/// `godwit invoke`.
package struct InvokeCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Call a function.",
        discussion: """
            The body of the answer goes to standard output as it is, everything else to standard error. The exit code is \
            2 when the function failed or answered with a status of 400 or more.

            Examples:
              godwit invoke greet --data World
              godwit invoke thumbnail:live --file photo.jpg --header 'Accept: image/png' > small.png
              echo '{"n": 3}' | godwit invoke fib -
              godwit invoke report --async --wait
            """
    )

    @Argument(help: "The function: name, name:alias or name:version.", transform: Parse.text)
    package var function: FunctionReference
    @Argument(help: "'-' to read the body from standard input.") package var standardInput: String?
    @Option(help: "The body, as text.") package var data: String?
    @Option(help: ArgumentHelp("A file with the body.", valueName: "path")) package var file: String?
    @Option(help: "The method; POST with a body, GET without.") package var method: String?
    @Option(help: "The path after the function's name.") package var path: String?
    @Option(help: "The query, without the question mark.") package var query: String?
    @Option(help: ArgumentHelp("A header; may be repeated.", valueName: "name: value"), transform: InvokeCommand.header)
    package var header: [HeaderField] = []
    @Flag(help: "Do not wait for the answer: print the id of the execution.") package var async = false
    @Flag(help: "With --async: wait, then print the result.") package var wait = false
    @Flag(name: .shortAndLong, help: "Show the status and headers too.") package var include = false
    @Option(help: "Longest time the call may take, for example 5s.", transform: Parse.text)
    package var timeout: TimeSpan?
    @Option(help: "With --async: the same key again gives the same execution.") package var idempotencyKey: String?
    @OptionGroup package var connection: ConnectionOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    @Sendable
    private static func header(_ raw: String) throws -> HeaderField {
        guard let colon = raw.firstIndex(of: ":"), colon != raw.startIndex else {
            throw ValidationError("write a header as 'Name: value'")
        }
        let value = raw[raw.index(after: colon)...].trimmingSpaces
        guard !raw.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw ValidationError("a header may not hold control characters")
        }
        return HeaderField(String(raw[..<colon]), value)
    }

    package func validate() throws {
        if let standardInput, standardInput != "-" {
            throw ValidationError("'\(standardInput)' is not expected; give the body with --data, --file or -")
        }
        let sources = [data != nil, file != nil, standardInput != nil].filter { $0 }.count
        guard sources <= 1 else { throw ValidationError("give the body by one of --data, --file and -") }
        guard !wait || async else { throw ValidationError("--wait goes with --async; without it a call is waited for") }
        guard idempotencyKey == nil || async else { throw ValidationError("--idempotency-key goes with --async") }
        guard !async || method == nil || method?.uppercased() == "POST" else {
            throw ValidationError("asynchronous calls are POST")
        }
        let letters = method?.uppercased().utf8.allSatisfy { Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ-".utf8).contains($0) }
        guard method?.isEmpty != true, letters != false else { throw ValidationError("--method is a word like PUT") }
    }

    package func execute(_ context: CommandContext) async throws {
        let body = try body(context)
        try await NodeClient.with(connection, data: nil, context) { client in
            if async {
                try await callLater(client, body, context)
            } else {
                let limit = timeout ?? FunctionSpec.longestTimeout
                let answer = try await client.send(
                    verb(body),
                    target("/function/"),
                    headers: headers,
                    body: body,
                    // The node ends the call at its deadline and says so; this is for a node that says nothing.
                    timeout: TimeSpan(microseconds: limit.microseconds + TimeSpan.seconds(10).microseconds)
                )
                try await AnswerOutput.write(answer, includingHead: include, to: context.console)
            }
        }
    }

    private func callLater(_ client: NodeClient, _ body: RequestBody, _ context: CommandContext) async throws {
        let answer = try await client.require("POST", target("/async-function/"), headers: headers, body: body)
        let bytes = try await answer.bytes()
        guard let record = try? JSONText.value(ExecutionRecord.self, from: bytes) else {
            throw CommandFailure("the answer of \(client.access.url) is not understood")
        }
        guard wait else {
            context.console.line(output.json ? String(decoding: bytes, as: UTF8.self) : record.id.text)
            return
        }
        context.console.progress("waiting for \(record.id)…")
        _ = try await Waiting.untilFinal(record.id, on: client)
        context.console.progress("")
        let result = try await client.send("GET", "/v1/executions/\(record.id)/result", timeout: .minutes(5))
        try await AnswerOutput.write(result, includingHead: include, to: context.console)
    }

    private func body(_ context: CommandContext) throws -> RequestBody {
        if let data { return .bytes(Array(data.utf8)) }
        if standardInput != nil || file == "-" { return .bytes(context.input()) }
        guard let file else { return .none }
        guard let size = System.fileSize(file) else { throw CommandFailure("there is no file '\(file)'") }
        let console = context.console
        return .file(path: file, size: size) { sent in Progress.show("sending", sent, of: size, on: console) }
    }

    private func verb(_ body: RequestBody) -> String {
        if let method { return method.uppercased() }
        if case .none = body { return "GET" }
        return "POST"
    }

    private func target(_ prefix: String) -> String {
        var target = prefix + function.text
        if let path { target += (path.hasPrefix("/") ? "" : "/") + URLText.path(path) }
        if let query, !query.isEmpty { target += "?" + URLText.query(query) }
        return target
    }

    private var headers: [(String, String)] {
        var fields = header.map { ($0.name, $0.value) }
        if let timeout { fields.append(("X-Timeout", timeout.text)) }
        if let idempotencyKey { fields.append(("Idempotency-Key", idempotencyKey)) }
        return fields
    }
}
