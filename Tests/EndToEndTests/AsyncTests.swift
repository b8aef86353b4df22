import Domain
import Foundation
import Testing

/// Calls that nobody waits for: accepted means on disk.
@Suite("Asynchronous calls", .timeLimit(.minutes(5)))
struct AsyncTests {
    @Test("accepted, followed, fetched", arguments: Account.available)
    func follow(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "work",
                "import time\ndef handle(event, context):\n    time.sleep(0.2)\n    return 201, 'done ' + event.text, {'X-Own': 'yes'}\n"
            )
            let accepted = try await node.send(.POST, "/async-function/work/sub?q=1", body: Array("it".utf8))
            #expect(accepted.status == 202)
            let record = try accepted.json(ExecutionRecord.self)
            #expect(accepted.header("location") == "/v1/executions/\(record.id)")
            #expect(accepted.header("x-call-id") == record.id.text)
            #expect(try await node.awaitEnd(of: record.id.text).state == .succeeded)
            let result = try await node.send(.GET, "/v1/executions/\(record.id)/result")
            #expect(result.status == 201 && result.text == "done it" && result.header("x-own") == "yes")
            let unknown = try await node.send(.POST, "/async-function/nobody", body: [])
            #expect(unknown.status == 404)
            let list = try await node.send(.GET, "/v1/executions?function=work&state=succeeded").json(
                ExecutionList.self
            )
            #expect(list.executions.map(\.id) == [record.id])
        }
    }

    @Test("a result that is not there yet is said to be so", arguments: Account.available)
    func unfinished(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "endless",
                "import time\ndef handle(event, context):\n    time.sleep(100)\n",
                "timeout: 2m"
            )
            let record = try await node.send(.POST, "/async-function/endless", body: []).json(ExecutionRecord.self)
            let early = try await node.send(.GET, "/v1/executions/\(record.id)/result")
            #expect(early.status == 425, "\(early.text)")
            #expect(early.problem?.kind == "execution.unfinished")
            #expect(try await node.send(.DELETE, "/v1/executions/\(record.id)").status == 202)
        }
    }

    @Test("an idempotency key makes one call of many, and refuses another call", arguments: Account.available)
    func idempotency(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "count",
                "import os\ndef handle(event, context):\n    return context.call_id\n"
            )
            let key = [("Idempotency-Key", "order-7")]
            let first = try await node.send(.POST, "/async-function/count", body: Array("a".utf8), headers: key)
            let second = try await node.send(.POST, "/async-function/count", body: Array("a".utf8), headers: key)
            #expect(first.status == 202 && second.status == 202)
            #expect(first.header("x-call-id") == second.header("x-call-id"))
            let other = try await node.send(.POST, "/async-function/count", body: Array("b".utf8), headers: key)
            #expect(other.status == 422 && other.problem?.kind == "idempotency.key-reused")
            let sync = [("Idempotency-Key", "sync-1")]
            let one = try await node.call("count", "x", headers: sync)
            let two = try await node.call("count", "x", headers: sync)
            #expect(one.status == 200 && one.text == two.text)
        }
    }

    @Test("failures are retried, end as dead letters, and can be redriven", arguments: Account.available)
    func deadLetters(_ account: Account) async throws {
        let config = try Configuration.file("async: {attempts: 2, backoff: 50ms}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython("frail", "def handle(event, context):\n    raise RuntimeError('down')\n")
            let accepted = try await node.send(.POST, "/async-function/frail", body: []).json(ExecutionRecord.self)
            let dead = try await node.awaitEnd(of: accepted.id.text)
            #expect(dead.state == .dead && dead.attempts == 2)
            #expect(dead.failure?.message.contains("down") == true)
            let listed = try await node.send(.GET, "/v1/executions?state=dead").json(ExecutionList.self)
            #expect(listed.executions.map(\.id) == [accepted.id])
            // The new version does not fail; the call is bound to the version it was accepted for, so it fails again.
            let again = try await node.send(.POST, "/v1/executions/\(accepted.id)/redrive")
            #expect(again.status == 202)
            #expect(try await node.awaitEnd(of: accepted.id.text).state == .dead)
            let wrong = try await node.send(.POST, "/v1/executions/\(accepted.id)/redrive", token: .some("gdw_wrong"))
            #expect(wrong.status == 401)
            let dropped = try await node.send(.DELETE, "/v1/executions/\(accepted.id)")
            #expect(dropped.status == 202, "\(dropped.text)")
            #expect(try dropped.json(ExecutionRecord.self).state == .cancelled)
            let left = try await node.send(.GET, "/v1/executions?state=dead").json(ExecutionList.self)
            #expect(left.executions.isEmpty)
            #expect(try await node.send(.POST, "/v1/executions/\(accepted.id)/redrive").status == 409)
            #expect(try await node.send(.DELETE, "/v1/executions/\(accepted.id)").status == 409)
        }
    }

    @Test("cancelling ends the process, whether the call runs or waits", arguments: Account.available)
    func cancel(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "long",
                "import time\ndef handle(event, context):\n    time.sleep(60)\n",
                "instances: {max: 1}\ntimeout: 2m\nfork: false"
            )
            let running = try await node.send(.POST, "/async-function/long", body: []).json(ExecutionRecord.self)
            let waiting = try await node.send(.POST, "/async-function/long", body: []).json(ExecutionRecord.self)
            for _ in 0..<200 {
                let record = try await node.send(.GET, "/v1/executions/\(running.id)").json(ExecutionRecord.self)
                if record.state == .running { break }
                try await Task.sleep(for: .milliseconds(25))
            }
            for id in [waiting.id, running.id] {
                #expect(try await node.send(.DELETE, "/v1/executions/\(id)").status == 202)
                #expect(try await node.awaitEnd(of: id.text).state == .cancelled)
            }
            #expect(try await node.send(.DELETE, "/v1/executions/\(running.id)").status == 409)
            let spawner = try #require(Leftovers.children(of: node.pid).first)
            for _ in 0..<200 where !Leftovers.instances(of: spawner).isEmpty {
                try await Task.sleep(for: .milliseconds(25))
            }
            #expect(Leftovers.instances(of: spawner).isEmpty)
        }
    }

    @Test(
        "kill −9 of the node, ten times during 2,000 accepted calls, loses none",
        .tags(.slow),
        arguments: Account.available
    )
    func killedNode(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishScript("note", "#!/bin/sh\nexec cat\n", "instances: {max: 8}")
            var accepted: [String: String] = [:]
            for round in 0..<10 {
                let batch = await withTaskGroup(of: (String, String)?.self, returning: [(String, String)].self) {
                    group in
                    for number in 0..<200 {
                        let text = "call \(round)-\(number)"
                        group.addTask {
                            let answer = try? await node.send(.POST, "/async-function/note", body: Array(text.utf8))
                            guard let answer, answer.status == 202, let id = answer.header("x-call-id") else {
                                return nil
                            }
                            return (id, text)
                        }
                    }
                    group.addTask {
                        try? await Task.sleep(for: .milliseconds(Int.random(in: 30...400)))
                        node.kill()
                        return nil
                    }
                    return await group.reduce(into: []) { if let pair = $1 { $0.append(pair) } }
                }
                for (id, text) in batch { accepted[id] = text }
                try await node.start()
            }
            #expect(accepted.count > 100, "too few were accepted for the test to mean anything: \(accepted.count)")
            for (id, text) in accepted {
                let record = try await node.awaitEnd(of: id, seconds: 60)
                #expect(record.state == .succeeded, "\(id): \(record.state)")
                let result = try await node.send(.GET, "/v1/executions/\(id)/result")
                #expect(result.text == text)
            }
        }
    }

    @Test("a full journal refuses with 507 and nothing is half accepted; it recovers", arguments: Account.available)
    func fullJournal(_ account: Account) async throws {
        let config = try Configuration.file("limits: {journal: 24MiB}\nasync: {retention: 1s}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython(
                "sink",
                "import time\ndef handle(event, context):\n    time.sleep(0.02)\n    return 'ok'\n"
            )
            var ids: [String] = []
            var refused = 0
            let body = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<60 {
                let answer = try await node.send(.POST, "/async-function/sink", body: body)
                if answer.status == 202 {
                    ids.append(try answer.json(ExecutionRecord.self).id.text)
                } else {
                    #expect(answer.status == 507 && answer.problem?.kind == "platform.storage", "\(answer.text)")
                    refused += 1
                }
            }
            #expect(!ids.isEmpty)
            for id in ids { #expect(try await node.awaitEnd(of: id).state == .succeeded) }
            let after = try await node.send(.POST, "/async-function/sink", body: Array("small".utf8))
            #expect(after.status == 202, "it recovers once the calls are done; \(refused) had been refused")
        }
    }

    @Test(
        "callbacks are signed and sent, but never to addresses that are not public unless allowed",
        arguments: Account.available
    )
    func callbacks(_ account: Account) async throws {
        let receiver = try CallbackReceiver()
        try await TestNode.run(as: account, options: ["--callback-network", "127.0.0.1/32"]) { node in
            try await node.publishPython("answer", "def handle(event, context):\n    return 'the answer'\n")
            let url = "http://127.0.0.1:\(receiver.port)/hook?x=1"
            let accepted = try await node.send(
                .POST,
                "/async-function/answer",
                body: [],
                headers: [("X-Callback-Url", url)]
            )
            #expect(accepted.status == 202)
            let request = try await receiver.next()
            #expect(request.hasPrefix("POST /hook?x=1 HTTP/1.1"))
            #expect(request.lowercased().contains("x-call-id: \(accepted.header("x-call-id") ?? "?")"))
            #expect(request.lowercased().contains("x-function-status: 200"))
            #expect(request.lowercased().contains("godwit-signature: t="))
            #expect(request.hasSuffix("the answer"))
            for bad in ["ftp://example.org/", "http://user@example.org/", "nonsense"] {
                let refused = try await node.send(
                    .POST,
                    "/async-function/answer",
                    body: [],
                    headers: [("X-Callback-Url", bad)]
                )
                #expect(refused.status == 400, "\(bad)")
            }
            // One that waits for its next attempt and is cancelled has ended, too.
            try await node.publishPython("failing", "def handle(event, context):\n    raise ValueError('no')\n")
            let headers = [("X-Callback-Url", "http://127.0.0.1:\(receiver.port)/cancelled")]
            let failing = try await node.send(.POST, "/async-function/failing", body: [], headers: headers)
            let id = try #require(failing.header("x-call-id"))
            for _ in 0..<200 {
                let record = try await node.send(.GET, "/v1/executions/\(id)").json(ExecutionRecord.self)
                if record.state == .queued, record.attempts > 0 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await node.send(.DELETE, "/v1/executions/\(id)").status == 202)
            #expect(try await receiver.next().hasPrefix("POST /cancelled HTTP/1.1"))
        }
        try await TestNode.run(as: account) { node in
            try await node.publishPython("answer", "def handle(event, context):\n    return 'the answer'\n")
            let url = "http://127.0.0.1:\(receiver.port)/forbidden"
            let accepted = try await node.send(
                .POST,
                "/async-function/answer",
                body: [],
                headers: [("X-Callback-Url", url)]
            )
            let id = try #require(accepted.header("x-call-id"))
            #expect(try await node.awaitEnd(of: id).state == .succeeded)
            #expect(await receiver.isQuiet(for: .seconds(2)))
        }
    }
}
