import Domain
import GRDB

/// The fields of an execution record, one after another, as they are stored.
///
/// In the journal's table each is a column; the record store packs them (``RecordPacker``).
enum ExecutionColumns {
    /// The columns of schema version 1, without the id.
    ///
    /// Never change it: add a migration.
    static let definitionV1 = """
        function TEXT NOT NULL, version INTEGER NOT NULL, isAsync INTEGER NOT NULL, state TEXT NOT NULL,
        accepted INTEGER NOT NULL, started INTEGER, finished INTEGER, attempts INTEGER NOT NULL, nextAttempt INTEGER,
        status INTEGER, failureKind TEXT, failureMessage, failureType, node TEXT NOT NULL, tier TEXT NOT NULL,
        start TEXT, queueNanoseconds INTEGER NOT NULL, spawnNanoseconds INTEGER NOT NULL,
        initialiseNanoseconds INTEGER NOT NULL, runNanoseconds INTEGER NOT NULL, cpuNanoseconds INTEGER NOT NULL,
        memoryPeakBytes INTEGER NOT NULL, joules REAL, energyMethod NOT NULL, requestBytes INTEGER NOT NULL,
        responseBytes INTEGER NOT NULL, traceID, logs TEXT
        """

    /// What schema version 2 added: carbon, which earlier records do not know.
    static let addedV2 = "grams REAL"

    /// What the schema version of egress added: requests through the broker, which earlier records do not have.
    static let addedWithEgress = "egress TEXT"

    /// What the schema version of split starts added; earlier records have starts of two parts.
    static let addedWithPhases = [
        "execNanoseconds INTEGER NOT NULL DEFAULT 0", "functionNanoseconds INTEGER NOT NULL DEFAULT 0",
    ]

    /// The columns in the order of ``add(_:to:)``: that of packed records too, so that new ones go to the end.
    static let names = [
        "id", "function", "version", "isAsync", "state", "accepted", "started", "finished", "attempts", "nextAttempt",
        "status", "failureKind", "failureMessage", "failureType", "node", "tier", "start", "queueNanoseconds",
        "spawnNanoseconds", "initialiseNanoseconds", "runNanoseconds", "cpuNanoseconds", "memoryPeakBytes", "joules",
        "energyMethod", "requestBytes", "responseBytes", "traceID", "logs", "grams", "egress",
        "execNanoseconds", "functionNanoseconds",
    ]

    static func values(of record: ExecutionRecord) throws -> [(any DatabaseValueConvertible)?] {
        var columns = ColumnValues()
        try add(record, to: &columns)
        return columns.values
    }

    /// Adds the values of a record in the order of ``names``.
    static func add(_ record: ExecutionRecord, to columns: inout some ColumnSink) throws {
        columns.add(record.id.text)
        columns.add(record.function.text)
        columns.add(Int64(record.version.value))
        columns.add(record.isAsync ? 1 : 0)
        columns.add(record.state.rawValue)
        columns.add(record.accepted.microseconds)
        columns.add(record.started?.microseconds)
        columns.add(record.finished?.microseconds)
        columns.add(Int64(record.attempts))
        columns.add(record.nextAttempt?.microseconds)
        columns.add(record.status.map(Int64.init))
        columns.add(record.failure?.kind.rawValue)
        columns.add(outside: record.failure?.message)
        columns.add(outside: record.failure?.errorType)
        columns.add(record.node.text)
        columns.add(record.tier.text)
        columns.add(record.start?.rawValue)
        columns.add(Int64(bitPattern: record.phases.queue))
        columns.add(Int64(bitPattern: record.phases.spawn))
        columns.add(Int64(bitPattern: record.phases.initialise))
        columns.add(Int64(bitPattern: record.phases.run))
        columns.add(Int64(bitPattern: record.use.cpuNanoseconds))
        columns.add(Int64(bitPattern: record.use.memoryPeakBytes))
        columns.add(record.use.joules)
        columns.add(outside: record.use.energyMethod)
        columns.add(Int64(bitPattern: record.requestBytes))
        columns.add(Int64(bitPattern: record.responseBytes))
        columns.add(outside: record.traceID)
        columns.add(record.logs.isEmpty ? nil : try StoredJSON.text(record.logs))
        columns.add(record.use.grams)
        columns.add(try record.egress.map(StoredJSON.text))
        columns.add(Int64(bitPattern: record.phases.exec))
        columns.add(Int64(bitPattern: record.phases.function))
    }

    static func record(of row: Row) throws -> ExecutionRecord {
        var record = ExecutionRecord(
            id: try row.name("id"),
            function: try row.name("function"),
            version: try row.version("version"),
            isAsync: try row.value("isAsync"),
            state: try row.choice("state"),
            accepted: try row.time("accepted"),
            node: try row.name("node"),
            tier: try row.name("tier")
        )
        record.started = try row.optionalTime("started")
        record.finished = try row.optionalTime("finished")
        record.attempts = try row.value("attempts")
        record.nextAttempt = try row.optionalTime("nextAttempt")
        record.status = try row.optional("status")
        record.failure = try failure(of: row)
        if try row.optionalText("start") != nil { record.start = try row.choice("start") }
        record.phases = CallPhases(
            queue: try row.unsigned("queueNanoseconds"),
            spawn: try row.unsigned("spawnNanoseconds"),
            exec: try row.unsigned("execNanoseconds"),
            initialise: try row.unsigned("initialiseNanoseconds"),
            function: try row.unsigned("functionNanoseconds"),
            run: try row.unsigned("runNanoseconds")
        )
        record.use = ResourceUse(
            cpuNanoseconds: try row.unsigned("cpuNanoseconds"),
            memoryPeakBytes: try row.unsigned("memoryPeakBytes"),
            // SQLite stores a number that is none as NULL.
            joules: try row.optional("joules") ?? .nan,
            grams: try row.optional("grams") ?? 0,
            energyMethod: try row.text("energyMethod")
        )
        record.requestBytes = try row.unsigned("requestBytes")
        record.responseBytes = try row.unsigned("responseBytes")
        record.traceID = try row.optionalText("traceID")
        if try row.optionalText("logs") != nil { record.logs = try row.json("logs") }
        if try row.optionalText("egress") != nil { record.egress = try row.json("egress") }
        return record
    }

    private static func failure(of row: Row) throws -> CallFailure? {
        guard try row.optionalText("failureKind") != nil else { return nil }
        return CallFailure(
            try row.choice("failureKind"),
            try row.text("failureMessage"),
            errorType: try row.optionalText("failureType")
        )
    }
}
