import Domain
import Foundation
import Testing

/// Three nodes: calls run where they should, and can be followed from everywhere.
@Suite("A continuum", .timeLimit(.minutes(5)))
struct ContinuumTests {
    private static let work = """
        import time
        def handle(event, context):
            time.sleep(float(event.query_items.get("take", 0)))
            print("it ran")
            return event.body
        """

    @Test(
        "a call goes where the function may run, streams both ways, and is on record at home",
        arguments: Account.available
    )
    func offload(_ account: Account) async throws {
        try await TestContinuum.run(as: account) { continuum in
            try await continuum.cloud.publishPython("far", Self.work, "placement: {tiers: [cloud]}\nmemory: 256MiB")
            try await continuum.awaitFunction("far")
            for edge in [continuum.near, continuum.far] {
                let answer = try await edge.call("far/sub?q=1", "hello")
                #expect(answer.status == 200 && answer.text == "hello", "\(answer.text)")
                #expect(answer.header("godwit-node") == continuum.cloud.name && answer.header("godwit-tier") == "cloud")
                #expect(answer.header("godwit-energy")?.contains("J; method=") == true)
                #expect(answer.header("godwit-peer-outcome") == nil && answer.header("godwit-load") == nil)
                let id = try #require(answer.header("x-call-id"))
                for node in continuum.nodes {
                    let record = try await node.send(.GET, "/v1/executions/\(id)", token: continuum.cloud.token)
                    #expect(try record.json(ExecutionRecord.self).node.text == continuum.cloud.name)
                }
                let decision = try await edge.send(.GET, "/v1/executions/\(id)/decision").json(DecisionReport.self)
                #expect(
                    decision.chosen?.text == continuum.cloud.name
                        && decision.observed?.node.text == continuum.cloud.name
                )
                #expect(decision.excluded.count == 2)
                #expect(decision.candidates.allSatisfy { $0.score == $0.contributions.sum && $0.p50 == $0.terms.sum })
                let logs = try await edge.send(.GET, "/v1/executions/\(id)/logs").json(LogList.self)
                #expect(logs.logs.contains { $0.message == "it ran" })
            }
            let large = [UInt8](repeating: 42, count: 8 << 20)
            let answer = try await continuum.near.send(.POST, "/function/far", body: large)
            #expect(answer.status == 200 && answer.body == large)
            let sent = continuum.near.log.components(separatedBy: "a node is sent a bundle").count - 1
            #expect(sent == 0, "the founder has the bundle; nobody needs to send it")
        }
    }

    @Test("a node that lacks the bundle is sent it once, however many calls come")
    func bundleOnce() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("here", Self.work, "placement: {tiers: [edge]}")
            try await continuum.awaitFunction("here")
            let answers = try await withThrowingTaskGroup(of: TestNode.Answer.self, returning: [TestNode.Answer].self) {
                group in
                for number in 0..<40 {
                    let node = [continuum.near, continuum.far][number % 2]
                    group.addTask { try await node.call("here", "x") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let failed = answers.filter { $0.status != 200 }.map(\.text)
            #expect(failed.isEmpty, "\(failed)")
            for edge in [continuum.near, continuum.far] {
                let came = edge.log.components(separatedBy: "a bundle came").count - 1
                #expect(came == 1)
            }
        }
    }

    @Test("weights are set in one place, reach all nodes, keep their history, and refuse a stale change")
    func weights() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            let cloud = continuum.cloud
            func table(_ kind: WeightKind) throws -> [UInt8] {
                Array(Data(#"{"table": {"global": {"\#(kind.rawValue)": 1}}, "note": "a test"}"#.utf8))
            }
            let first = try await cloud.send(.GET, "/v1/weights")
            #expect(first.header("etag") == "\"1\"")
            let set = try await cloud.send(
                .PUT,
                "/v1/weights",
                body: try table(.energy),
                headers: [("If-Match", "\"1\"")]
            )
            #expect(set.status == 200 && set.header("etag") == "\"2\"", "\(set.text)")
            for edge in [continuum.near, continuum.far] {
                try await awaitTrue("the weights arrived") {
                    try await edge.send(.GET, "/v1/weights").json(WeightRevision.self).revision == 2
                }
            }
            let stale = try await cloud.send(
                .PUT,
                "/v1/weights",
                body: try table(.latency),
                headers: [("If-Match", "\"1\"")]
            )
            #expect(stale.status == 412 && stale.problem?.kind == "weights.conflict")
            let wrong = try await cloud.send(.PUT, "/v1/weights", body: Array(#"{"table": {"global": {}}}"#.utf8))
            #expect(wrong.status == 400, "\(wrong.text)")
            let elsewhere = try await continuum.near.send(.PUT, "/v1/weights", body: try table(.latency))
            #expect(elsewhere.status == 409 && elsewhere.problem?.kind == "continuum.follower")
            let back = try await cloud.send(
                .POST,
                "/v1/weights/rollback",
                body: Array(#"{"revision": 1}"#.utf8)
            )
            #expect(try back.json(WeightRevision.self).revision == 3)
            let history = try await cloud.send(.GET, "/v1/weights/history").json(WeightHistory.self)
            #expect(history.revisions.map(\.revision) == [3, 2, 1])
            #expect(history.revisions[0].table == history.revisions[2].table)
        }
    }

    @Test("an idempotency key makes one call on all nodes together, and its answer is given on each")
    func idempotency() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython(
                "once",
                "import os\ndef handle(e, c):\n    return c.call_id + ' ' + os.urandom(8).hex()\n"
            )
            try await continuum.awaitFunction("once")
            var first: [String] = []
            for number in 0..<6 {
                let key = [("Idempotency-Key", "order-\(number)")]
                // Half of them are at home where they came first; of the others one node is, whichever.
                let home = number < 3 ? continuum.nodes[number] : nil
                let early = try await home?.call("once", "x", headers: key).text
                let answers = try await withThrowingTaskGroup(
                    of: TestNode.Answer.self,
                    returning: [TestNode.Answer].self
                ) { group in
                    for node in continuum.nodes { group.addTask { try await node.call("once", "x", headers: key) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.text))")
                #expect(Set(answers.map(\.text)).count == 1)
                #expect(early == nil || early == answers.first?.text)
                first.append(answers.first?.text ?? "")
                let other = try await continuum.near.call("once", "y", headers: key)
                #expect(other.status == 422)
            }
            // One node fewer changes nothing about who knows the keys: the same answer, or none where it was at home there.
            #expect(try await continuum.cloud.send(.DELETE, "/v1/nodes/\(continuum.far.name ?? "")").status == 204)
            try await continuum.awaitState("removed", of: continuum.far, seenBy: [continuum.cloud, continuum.near])
            for number in 0..<6 {
                for node in [continuum.cloud, continuum.near] {
                    let again = try await node.call("once", "x", headers: [("Idempotency-Key", "order-\(number)")])
                    let isUnknowable = again.status == 503 && again.problem?.kind == "idempotency.unavailable"
                    if number < 3 {
                        #expect(
                            isUnknowable == (continuum.nodes[number] === continuum.far),
                            "\(number): \(again.status)"
                        )
                    }
                    #expect(again.text == first[number] || isUnknowable, "\(again.status) \(again.text)")
                }
            }
        }
    }

    @Test("asynchronous calls keep their id, can be followed from every node, and run on others")
    func asynchronous() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("far", Self.work, "placement: {tiers: [cloud]}")
            try await continuum.awaitFunction("far")
            let odd = [("Godwit-Prefer", "speed")]
            #expect(try await continuum.near.send(.POST, "/async-function/far", body: [], headers: odd).status == 400)
            let accepted = try await continuum.near.send(
                .POST,
                "/async-function/far?take=0.3",
                body: Array("it".utf8),
                headers: [("Godwit-Prefer", "energy")]
            )
            #expect(accepted.status == 202)
            let id = try #require(accepted.header("x-call-id"))
            for node in continuum.nodes {
                let token = continuum.cloud.token
                let ended = try await node.send(.GET, "/v1/executions/\(id)?wait=20s", token: token)
                let record = try ended.json(ExecutionRecord.self)
                #expect(record.state == .succeeded && record.isAsync && record.node.text == continuum.cloud.name)
                let result = try await node.send(.GET, "/v1/executions/\(id)/result", token: token)
                #expect(result.status == 200 && result.text == "it")
            }
            let why = try await continuum.near.send(.GET, "/v1/executions/\(id)/decision", token: continuum.cloud.token)
            #expect(try why.json(DecisionReport.self).preference == .energy)
        }
    }

    @Test("executions of all nodes are listed at each, page by page, and it is said whose are missing")
    func lists() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("far", Self.work, "placement: {tiers: [cloud]}")
            try await continuum.awaitFunction("far")
            var taken: [String] = []
            for number in 0..<6 {
                let accepted = try await continuum.nodes[number % 3].send(.POST, "/async-function/far", body: [])
                taken.append(try #require(accepted.header("x-call-id")))
            }
            let token = continuum.cloud.token
            func list(_ node: TestNode, _ query: String) async throws -> ExecutionList {
                let answer = try await node.send(.GET, "/v1/executions?function=far\(query)", token: token)
                #expect(answer.status == 200, "\(answer.text)")
                return try answer.json(ExecutionList.self)
            }
            func ids(_ list: ExecutionList) -> [String] { list.executions.map(\.id.text) }
            for node in continuum.nodes {
                try await awaitTrue("all are over") {
                    try await ids(list(node, "&state=succeeded")) == taken.sorted(by: >)
                }
                let first = try await list(node, "&limit=4")
                let second = try await list(node, "&limit=4&before=\(first.next?.text ?? "")")
                #expect(ids(first) + ids(second) == taken.sorted(by: >) && second.next == nil && first.missing == nil)
                let own = try await list(node, "&node=\(continuum.near.name ?? "")")
                #expect(Set(ids(own)) == [taken[1], taken[4]])
            }
            continuum.far.kill()
            let rest = try await list(continuum.near, "")
            #expect(rest.missing?.map(\.text) == [continuum.far.name ?? ""])
            #expect(Set(ids(rest)) == Set(taken).subtracting([taken[2], taken[5]]))
            let unknown = try await continuum.near.send(.GET, "/v1/executions?node=nobody", token: token)
            #expect(unknown.status == 404)
        }
    }

    @Test("a dead letter is redriven and dropped from any node")
    func deadLetters() async throws {
        let config = try Configuration.file("async: {attempts: 1}\n")
        defer { Configuration.remove(config) }
        try await TestContinuum.run(as: .ordinary, options: ["--config", config]) { continuum in
            try await continuum.cloud.publishPython(
                "frail",
                "def handle(event, context):\n    raise RuntimeError('down')\n"
            )
            try await continuum.awaitFunction("frail")
            let token = continuum.cloud.token
            let accepted = try await continuum.near.send(.POST, "/async-function/frail", body: [])
            let path = "/v1/executions/\(try #require(accepted.header("x-call-id")))"
            func state(_ node: TestNode) async throws -> ExecutionState {
                try await node.send(.GET, path + "?wait=20s", token: token).json(ExecutionRecord.self).state
            }
            #expect(try await state(continuum.near) == .dead)
            #expect(try await continuum.cloud.send(.POST, path + "/redrive", token: token).status == 202)
            try await awaitTrue("it died again") { try await state(continuum.near) == .dead }
            #expect(try await continuum.far.send(.DELETE, path, token: token).status == 202)
            #expect(try await state(continuum.near) == .cancelled)
            #expect(try await continuum.cloud.send(.POST, path + "/redrive", token: token).status == 409)
        }
    }

    @Test("a call that its caller leaves, or whose time is up, ends on the other node too")
    func ended() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("far", Self.work, "placement: {tiers: [cloud]}\ntimeout: 60s")
            try await continuum.awaitFunction("far")
            #expect(try await continuum.near.call("far", "warm").status == 200)
            let began = ContinuousClock.now
            let late = try await continuum.near.call("far?take=50", "x", headers: [("X-Timeout", "500ms")])
            #expect(late.status == 504, "\(late.text)")
            #expect(ContinuousClock.now - began < .seconds(20))
            let running = try await continuum.near.send(.POST, "/async-function/far?take=50", body: [])
            let id = try #require(running.header("x-call-id"))
            try await awaitTrue("it runs") {
                let record = try await continuum.near.send(.GET, "/v1/executions/\(id)").json(ExecutionRecord.self)
                return record.state == .running
            }
            // From a node that neither took nor runs it.
            let token = continuum.cloud.token
            #expect(try await continuum.far.send(.DELETE, "/v1/executions/\(id)", token: token).status == 202)
            #expect(try await continuum.near.awaitEnd(of: id).state == .cancelled)
            try await awaitTrue("nothing is busy on the cloud") {
                let seen = try await continuum.cloud.send(.GET, "/v1/nodes/\(continuum.cloud.name ?? "")").json(
                    NodeStatus.self
                )
                return seen.instances["busy"] == 0
            }
            for node in continuum.nodes {
                let broken = try await node.send(.GET, "/v1/debug/invariants").json([String: [String]].self)
                #expect(broken["broken"] == [])
            }
        }
    }

    @Test("a node that drains is given no calls, and takes them again afterwards")
    func drain() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("here", Self.work, "placement: {tiers: [cloud]}")
            try await continuum.awaitFunction("here")
            #expect(try await continuum.near.call("here", "x").status == 200)
            #expect(
                try await continuum.cloud.send(.POST, "/v1/nodes/\(continuum.cloud.name ?? "")/drain").status == 204
            )
            try await continuum.awaitState("draining", of: continuum.cloud)
            let refused = try await continuum.near.call("here", "x")
            #expect(refused.status == 503 && refused.problem?.kind == "platform.unplaceable", "\(refused.text)")
            #expect(
                try await continuum.cloud.send(.DELETE, "/v1/nodes/\(continuum.cloud.name ?? "")/drain").status == 204
            )
            try await continuum.awaitState("ready", of: continuum.cloud)
            #expect(try await continuum.near.call("here", "x").status == 200)
        }
    }
}
