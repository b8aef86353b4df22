import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// What functions wrote: the last lines, and new ones as they come.
struct LogRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.get("v1/functions/:name/logs") { request, context in
            let name = try context.parameter("name", FunctionName.init)
            try management.demand(.publish, of: request, on: name)
            guard management.catalogue.function(name) != nil else {
                throw ProblemError.notFound("there is no function '\(name)'")
            }
            let limit = try request.number("limit", in: 0...10_000, default: 100)
            let execution = try request.query("execution", ExecutionID.init)
            let follows = request.uri.queryParameters["follow"] == "true"
            // Following begins before the past is read, so that no line falls between the two.
            let stream = follows ? management.records.logs.follow(name) : nil
            if follows, stream == nil {
                throw ProblemError(
                    "platform.overloaded",
                    429,
                    "Too many followers",
                    "too many follow logs already; try later"
                )
            }
            let past = try await management.records.lines(of: name, execution: execution, limit: limit)
            return Response(
                status: .ok,
                headers: [.contentType: "application/x-ndjson"],
                body: Self.body(past: past, stream: stream, execution: execution)
            )
        }
    }

    private static func body(past: [LogEntry], stream: AsyncStream<LogEntry>?, execution: ExecutionID?) -> ResponseBody
    {
        ResponseBody { writer in
            var buffer = ByteBuffer()
            for line in past { append(line, to: &buffer) }
            try await writer.write(buffer)
            if let stream {
                let newest = past.last?.time
                for await line in stream {
                    if let execution, line.execution != execution { continue }
                    if let newest, line.time <= newest, past.contains(line) { continue }
                    var buffer = ByteBuffer()
                    append(line, to: &buffer)
                    try await writer.write(buffer)
                }
            }
            try await writer.finish(nil)
        }
    }

    private static func append(_ line: LogEntry, to buffer: inout ByteBuffer) {
        buffer.writeBytes(JSON.encode(line))
        buffer.writeInteger(UInt8(ascii: "\n"))
    }
}
