import Domain
import Testing

/// A document for tests: fields as text, maps as dictionaries in order.
private func document(_ entries: [(String, DocumentValue)]) -> DocumentValue {
    .map(entries.map { .init(key: $0.0, value: $0.1) })
}

private let minimal: [(String, DocumentValue)] = [("name", .scalar("echo")), ("runtime", .scalar("swift"))]

struct SpecTests {
    @Test("a name and a runtime are enough")
    func defaults() throws {
        let spec = try FunctionSpec(parsing: document(minimal))
        #expect(spec.handler == "echo")
        #expect(spec.memory == .mebibytes(128))
        #expect(spec.timeout == .seconds(30))
        #expect(spec.concurrency == 1)
        #expect(spec.access == .token)
        #expect(!spec.idempotent && !spec.isOneShot)
    }

    @Test("takes every field")
    func everyField() throws {
        let spec = try FunctionSpec(
            parsing: document([
                ("name", .scalar("crop-cover")), ("runtime", .scalar("python3")), ("handler", .scalar("app.main:run")),
                ("memory", .scalar("256MiB")), ("cpu", .scalar("0.5")), ("timeout", .scalar("2m")),
                ("concurrency", .scalar("4")),
                ("instances", document([("min", .scalar("1")), ("max", .scalar("3")), ("keepAlive", .scalar("10s"))])),
                ("env", document([("MODE", .scalar("fast"))])), ("secrets", .list([.scalar("API_KEY")])),
                ("idempotent", .scalar("true")), ("objective", document([("latency", .scalar("200ms"))])),
                ("placement", document([("tiers", .list([.scalar("edge")])), ("sensitive", .scalar("yes"))])),
                ("access", .scalar("public")), ("reuse", .scalar("always")), ("egress", .list([])),
                ("syscalls", .list([.scalar("openat")])),
            ])
        )
        #expect(spec.handler == "app.main:run")
        #expect(spec.instances == InstanceLimits(min: 1, max: 3, keepAlive: .seconds(10)))
        #expect(spec.env == ["MODE": "fast"])
        #expect(spec.secrets.map(\.text) == ["API_KEY"])
        #expect(spec.objective == Objective(latency: .milliseconds(200), quantile: 0.95))
        #expect(spec.placement.sensitive)
        #expect(spec.access == .public)
        #expect(spec.syscalls?.map(\.text) == ["openat"])
    }

    @Test(
        "says what is wrong, where, and what would be right",
        arguments: [
            ([("runtim", .scalar("swift"))], "did you mean 'runtime'?"),
            ([("runtime", .scalar("pythn3"))], "did you mean 'python3'?"),
            ([("syscalls", .list([.scalar("../open")]))], "'../open' is no name of a system call"),
            ([("memory", .scalar("lots"))], "memory: 'lots' is no size"),
            ([("memory", .scalar("1KiB"))], "memory: 1KiB is outside"),
            ([("timeout", .scalar("2h"))], "timeout: 2h is outside"),
            ([("handler", .scalar("/bin/sh"))], "handler: '/bin/sh' is absolute"),
            ([("handler", .scalar("a/../../b"))], "handler"),
            ([("concurrency", .scalar("0"))], "concurrency: '0' must be a whole number from 1"),
            ([("concurrency", .scalar("2")), ("reuse", .scalar("never"))], "concurrency: reuse: never gives"),
            ([("instances", document([("max", .scalar("1")), ("min", .scalar("2"))]))], "instances.min: 2 is more"),
            ([("instances", document([("maxx", .scalar("1"))]))], "instances.maxx"),
            ([("env", document([("LD_PRELOAD", .scalar("x"))]))], "is set by the node"),
            ([("secrets", .list([.scalar("no-dashes")]))], "secrets[0]"),
            (
                [("egress", .list([.scalar("http://example.org/path")]))],
                "egress"
            ),
            ([("objective", document([]))], "objective.latency: is missing"),
            ([("cpu", .scalar("nan"))], "cpu"),
            ([("idempotent", .scalar("maybe"))], "idempotent: 'maybe' must be true or false"),
            ([("env", .scalar("A=1"))], "env: must be a map"),
        ] as [([(String, DocumentValue)], String)]
    )
    func refusals(changes: [(String, DocumentValue)], message: String) {
        let entries = minimal.filter { field in !changes.contains { $0.0 == field.0 } } + changes
        do {
            _ = try FunctionSpec(parsing: document(entries))
            Issue.record("it must be refused: \(changes)")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test("a field given twice is refused")
    func twice() {
        #expect(throws: Invalid("name", "is given twice")) {
            try FunctionSpec(parsing: document(minimal + [("name", .scalar("other"))]))
        }
    }

    @Test("exec serves one call a process")
    func execIsOneShot() throws {
        let spec = try FunctionSpec(parsing: document([("name", .scalar("wc")), ("runtime", .scalar("exec"))]))
        #expect(spec.isOneShot)
    }
}
