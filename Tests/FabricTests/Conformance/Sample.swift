import Domain
import Fabric

/// Values for the tests, told apart by a number; the same number gives the same value.
enum Sample {
    /// Text that breaks stores which paste it into statements, stop at a zero byte, or count characters.
    static let hostile = "'; DROP TABLE execution; -- \"\\ %00\u{0}after zero — ż 🐦 \n\u{1}"

    static func time(_ seconds: Int64) -> Timestamp { .init(microseconds: 1_767_225_600_000_000 + seconds * 1_000_000) }

    static func id(_ number: Int) throws -> ExecutionID {
        let digits = String(number)
        return try ExecutionID("01kdvb" + String(repeating: "0", count: 20 - digits.count) + digits)
    }

    static func function(_ name: String = "thumbnail") throws -> FunctionName { try FunctionName(name) }

    /// A queued execution that was accepted `number` seconds after the beginning.
    static func record(_ number: Int, function: String = "thumbnail", isAsync: Bool = true) throws -> ExecutionRecord {
        ExecutionRecord(
            id: try id(number),
            function: try FunctionName(function),
            version: .first,
            isAsync: isAsync,
            state: .queued,
            accepted: time(Int64(number)),
            node: try NodeName("node-1"),
            tier: try Tier("edge")
        )
    }

    static func call(
        _ number: Int,
        function: String = "thumbnail",
        body: [UInt8] = [1, 2, 3],
        callbackURL: String? = nil,
        key: String? = nil,
        fingerprint: String = "f"
    ) throws -> AcceptedCall {
        AcceptedCall(
            record: try record(number, function: function),
            request: CallRequest(method: "POST", path: "/a%20b", query: "q=1", headers: [HeaderField("accept", "*/*")]),
            body: body,
            callbackURL: callbackURL,
            idempotency: key.map { .init(key: $0, fingerprint: fingerprint) }
        )
    }

    /// A call with an id of its own.
    static func call(_ id: ExecutionID, key: String) throws -> AcceptedCall {
        let model = try call(1, key: key)
        var record = ExecutionRecord(
            id: id,
            function: model.record.function,
            version: .first,
            isAsync: true,
            state: .queued,
            accepted: model.record.accepted,
            node: model.record.node,
            tier: model.record.tier
        )
        record.requestBytes = 3
        return AcceptedCall(
            record: record,
            request: model.request,
            body: model.body,
            idempotency: model.idempotency
        )
    }

    /// The record of a call's end, one second after its acceptance.
    static func ended(_ call: AcceptedCall, as state: ExecutionState = .succeeded) -> ExecutionRecord {
        var record = call.record
        record.state = state
        record.attempts = 1
        record.started = record.accepted
        record.finished = record.accepted.advanced(by: .seconds(1))
        return record
    }

    /// A record in which every field is set, with text and numbers at their extremes.
    static func fullRecord(_ number: Int) throws -> ExecutionRecord {
        var record = try record(number)
        record.state = .timedOut
        record.started = time(1)
        record.finished = time(2)
        record.attempts = 3
        record.status = 504
        record.failure = CallFailure(.error, hostile, errorType: "Zero\u{0}Error")
        record.start = .cold
        record.phases = CallPhases(
            queue: .max,
            spawn: 4,
            exec: 1,
            initialise: 5,
            function: 2,
            run: UInt64(Int64.max) + 1
        )
        record.use = ResourceUse(cpuNanoseconds: .max, memoryPeakBytes: 7, joules: 0.1 + 0.2, energyMethod: "command")
        record.requestBytes = .max
        record.responseBytes = 5
        record.traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
        record.logs = [try line(1, execution: number), try line(2)]
        return record
    }

    static func line(
        _ number: Int,
        function: String = "thumbnail",
        execution: Int? = nil,
        message: String? = nil
    ) throws -> LogEntry {
        LogEntry(
            time: time(Int64(number)),
            function: try FunctionName(function),
            version: .first,
            execution: try execution.map(id),
            stream: "stderr",
            level: "info",
            message: message ?? "line \(number) \(hostile)"
        )
    }

    static func spec(_ name: String, handler: String = "run") throws -> FunctionSpec {
        FunctionSpec(
            name: try FunctionName(name),
            runtime: .swift,
            handler: handler,
            cpu: 0.3,
            env: ["GREETING": hostile],
            secrets: [try SecretName("API_KEY")],
            objective: Objective(latency: .milliseconds(200)),
            placement: PlacementConstraints(tiers: [try Tier("edge")], sensitive: true)
        )
    }

    static func digest(_ number: UInt8) throws -> Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: number, count: 32)) else { throw Invalid("digest", "none") }
        return digest
    }

    static func token(_ id: String, created: Int64) throws -> TokenRecord {
        TokenRecord(
            id: id,
            hash: Hex.text([1, 2, 3]),
            scopes: [.invoke, .operate],
            functions: [try FunctionName("thumbnail"), try FunctionName("other")],
            note: hostile,
            created: time(created),
            expires: time(created + 60)
        )
    }
}
