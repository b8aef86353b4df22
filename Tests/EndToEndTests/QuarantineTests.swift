import Domain
import Foundation
import Testing

/// Versions that break out of their bounds again and again are no longer run, until an operator says so.
@Suite("Quarantine", .timeLimit(.minutes(5)))
struct QuarantineTests {
    private static let hostile = """
        import ctypes
        def handle(event, context):
            if event.text == "attack": ctypes.CDLL(None).ptrace(0, 0, 0, 0)
            return "well"
        """

    @Test(
        "after as many violations as are allowed it is held, over a restart, until it is released",
        arguments: Account.available
    )
    func held(_ account: Account) async throws {
        let config = try Configuration.file("sandbox: {quarantine: {violations: 3, within: 10m}}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython("odd", Self.hostile)
            for _ in 0..<2 {
                let answer = try await node.call("odd", "attack")
                #expect(answer.status == 502 && answer.problem?.kind == "sandbox.seccomp", "\(answer.text)")
                #expect(try await node.call("odd", "x").text == "well")
            }
            #expect(try await node.call("odd", "attack").status == 502)
            try await awaitTrue("it is held") { try await node.call("odd", "x").status == 503 }
            let refused = try await node.call("odd", "x")
            #expect(refused.problem?.kind == "function.quarantined")
            #expect(refused.problem?.detail.contains("godwit functions release odd") == true, "\(refused.text)")
            // Another version of it, and other functions, are not meant.
            try await node.publishPython("odd", Self.hostile + "\n# mended\n")
            #expect(try await node.call("odd", "x").text == "well")
            #expect(try await node.call("odd:1", "x").status == 503)

            try await node.stop()
            try await node.start()
            #expect(try await node.call("odd:1", "x").status == 503)
            let list = try await node.send(.GET, "/v1/quarantine").json(QuarantineList.self)
            #expect(list.versions.map { "\($0.function):\($0.version)" } == ["odd:1"])
            #expect(list.versions.first?.reason.contains("sandbox.seccomp") == true)
            #expect(try await node.send(.DELETE, "/v1/quarantine/odd?version=2").status == 404)
            let released = try await node.send(.DELETE, "/v1/quarantine/odd")
            #expect(try released.json(QuarantineList.self).versions.count == 1)
            #expect(try await node.call("odd:1", "x").text == "well")
            try await node.stop()
            try await node.start()
            #expect(try await node.call("odd:1", "x").text == "well")
        }
    }

    @Test("what honest functions do is no violation, and 0 turns it off")
    func honest() async throws {
        let config = try Configuration.file("sandbox: {quarantine: {violations: 2}}\n")
        let off = try Configuration.file("sandbox: {quarantine: {violations: 0}}\n")
        defer { for file in [config, off] { Configuration.remove(file) } }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython(
                "clumsy",
                """
                import time
                def handle(event, context):
                    if event.text == "raise": raise ValueError("oops")
                    if event.text == "slow": time.sleep(5)
                    if event.text == "fat": bytearray(300 << 20)
                    return "well"
                """,
                "timeout: 200ms\nmemory: 64MiB"
            )
            for what in ["raise", "slow", "fat", "raise", "slow", "fat", "raise"] {
                _ = try await node.call("clumsy", what)
            }
            #expect(try await node.call("clumsy", "x").text == "well")
        }
        try await TestNode.run(as: .ordinary, options: ["--config", off]) { node in
            try await node.publishPython("odd", Self.hostile)
            for _ in 0..<15 { #expect(try await node.call("odd", "attack").status == 502) }
            #expect(try await node.call("odd", "x").text == "well")
        }
    }

    @Test("other nodes run what one holds, and a release reaches all")
    func continuum() async throws {
        let config = try Configuration.file("sandbox: {quarantine: {violations: 2}}\n")
        defer { Configuration.remove(config) }
        let options = ["--config", config]
        try await TestContinuum.run(as: .ordinary, options: options, cloudOptions: options) { continuum in
            try await continuum.cloud.publishPython("odd", Self.hostile, "placement: {tiers: [edge]}")
            try await continuum.awaitFunction("odd")
            let token = continuum.cloud.token
            // Wherever they run: in the end both nodes of the tier hold it, each by itself.
            try await awaitTrue("one holds it") {
                _ = try await continuum.near.call("odd", "attack")
                return try await continuum.cloud.send(.GET, "/v1/quarantine").json(QuarantineList.self).versions.count
                    > 0
            }
            try await awaitTrue("both hold it") {
                _ = try await continuum.near.call("odd", "attack")
                _ = try await continuum.far.call("odd", "attack")
                return try await continuum.cloud.send(.GET, "/v1/quarantine").json(QuarantineList.self).versions.count
                    == 2
            }
            let refused = try await continuum.near.call("odd", "x")
            #expect(refused.status == 503 && refused.problem?.kind == "function.quarantined", "\(refused.text)")
            let released = try await continuum.near.send(.DELETE, "/v1/quarantine/odd", token: token)
            #expect(try released.json(QuarantineList.self).versions.count == 2)
            for node in continuum.nodes { #expect(try await node.call("odd", "x").text == "well") }
        }
    }
}
