import FunctionKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RunnerTests {
    /// The three ways to serve a buffered function.
    enum Kind: CaseIterable {
        case sequential
        case threaded
        case oneTask
        case tasks

        var isConcurrent: Bool { self == .threaded || self == .tasks }
    }

    /// Runs `test` against a function that is served on another thread; returns why serving ended.
    private func serve(_ kind: Kind, _ test: (TestNode) async throws -> Void) async throws -> Closure {
        try await serve { descriptor in
            let environment = InstanceEnvironment(
                function: "f",
                concurrency: kind.isConcurrent ? 4 : 1,
                maximumBody: 2_000_000
            )
            switch kind {
            case .sequential, .threaded:
                return try Launcher.serve(buffered: TestFunction.self, on: descriptor, in: environment)
            case .oneTask, .tasks: return try Launcher.serve(async: TestFunction.self, on: descriptor, in: environment)
            }
        } test: { node in
            try await test(node)
        }
    }

    private func serve(
        _ run: @escaping @Sendable (Int32) throws -> Closure,
        test: (TestNode) async throws -> Void
    ) async throws -> Closure {
        let (near, far) = try System.streamPair()
        async let closure = OwnThread.run {
            defer { System.close(far) }
            return try run(far)
        }
        let node = try TestNode(near)
        let ready = try #require(try await node.receive())
        // The version, and how long the function took to initialise.
        #expect(ready.type == .ready && ready.call == 0 && ready.payload.first == 1 && ready.payload.count == 10)
        try await test(node)
        node.close()
        return try await closure
    }

    @Test("a call is answered, and the end of the socket ends serving", arguments: Kind.allCases)
    func answers(kind: Kind) async throws {
        let closure = try await serve(kind) { node in
            for call in 1...50 as ClosedRange<UInt64> {
                try node.request(call, body: Array("hello \(call)".utf8))
                let answer = try await node.answer(call)
                #expect(answer.status == 200)
                #expect(answer.text == "hello \(call)")
                #expect(answer.headers == [HeaderField("Content-Type", "text/plain")])
            }
        }
        #expect(closure == .ended)
    }

    @Test("a body in pieces is put together and windows are granted", arguments: Kind.allCases)
    func pieces(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, body: [1, 2], isEnd: false)
            for _ in 0..<3 { try node.send(Frame(.body, call: 1, payload: [UInt8](repeating: 9, count: 65_536))) }
            #expect(try await node.receive()?.type == .window)
            try node.send(Frame(.body, call: 1, isEnd: true))
            #expect(try await node.answer(1).body.count == 2 + 3 * 65_536)
        }
    }

    @Test("an answer larger than the window waits for more of it", arguments: Kind.allCases)
    func large(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            for call in 1...3 as ClosedRange<UInt64> {
                try node.request(call, path: "/big")
                #expect(try await node.answer(call).body.count == 1_000_000)
            }
        }
    }

    @Test("errors become failures, or answers where they have a status", arguments: Kind.allCases)
    func errors(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, path: "/fail")
            #expect(try await node.answer(1).failure == FailurePayload(type: "Oops", message: "oops"))
            try node.request(2, path: "/404")
            #expect(try await node.answer(2).status == 404)
            try node.request(3, path: "/bad")
            #expect(try await node.answer(3).failure?.type == "InvalidResponse")
            try node.request(4, path: "/context")
            #expect(try await node.answer(4).text == "id-4 f 3 true")
        }
    }

    @Test("a body beyond the limit is answered with 413", arguments: Kind.allCases)
    func tooLong(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, isEnd: false)
            var isOver = false
            var sent = 0
            while !isOver, sent < 4_000_000 {
                try node.send(Frame(.body, call: 1, payload: [UInt8](repeating: 0, count: 65_536)))
                sent += 65_536
                guard let frame = try await node.receive() else { break }
                if frame.type == .response {
                    let head = try ResponseHead.decode(frame.payload.span).head
                    #expect(head.status == 413)
                    isOver = true
                }
            }
            #expect(isOver)
            // Bytes that were on their way when the call ended mean nothing.
            try node.send(Frame(.body, call: 1, payload: [1]))
            try node.request(2, body: [7])
            #expect(try await node.answer(2).body == [7])
        }
    }

    @Test("log entries and metrics are frames of the call", arguments: Kind.allCases)
    func beside(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, path: "/log")
            let answer = try await node.answer(1)
            #expect(answer.status == 204)
            #expect(answer.others.map(\.type) == [.log, .metric])
            let payload = try #require(answer.others.first).payload
            let entry = try LogPayload(decoding: payload.span)
            #expect(entry == .init(level: .warning, message: "careful"))
        }
    }

    @Test("a loop sees that its call was cancelled, and the next call is served", arguments: Kind.allCases)
    func cancelled(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, path: "/cancel")
            try node.send(Frame(.cancel, call: 1, isEnd: true))
            #expect(try await node.answer(1).failure?.type == "Cancelled")
            try node.request(2, body: [1])
            #expect(try await node.answer(2).body == [1])
        }
    }

    @Test("calls that lie ahead are served in their turn, and not once they were taken back")
    func lineup() async throws {
        let closure = try await serve(.sequential) { node in
            try node.request(1, path: "/cancel")
            let page = try node.giveTickets()
            for call in 2...7 as ClosedRange<UInt64> { try node.offer(call, on: page, body: [UInt8(call)]) }
            for call in 2...4 as ClosedRange<UInt64> { #expect(page.revoke(call), "its turn has not come") }
            try node.send(Frame(.cancel, call: 1, isEnd: true))
            #expect(try await node.answer(1).failure?.type == "Cancelled")
            for call in 5...7 as ClosedRange<UInt64> {
                #expect(try await node.answer(call).body == [UInt8(call)])
                #expect(!page.revoke(call))
            }
            try node.request(8, body: [8])
            #expect(try await node.answer(8).body == [8])
            try node.offer(9, on: page, body: [9])
            #expect(try await node.answer(9).body == [9])
        }
        #expect(closure == .ended)
    }

    @Test("a page of tickets without its descriptor, and an offer without tickets, are a broken protocol")
    func noTickets() async throws {
        for type in [FrameType.tickets, .offer] {
            let closure = try await serve(.sequential) { node in
                try node.send(Frame(type, call: 1))
                while try await node.receive() != nil {}
            }
            #expect(closure == .violated(.unexpected(type, call: 1)))
        }
    }

    @Test("a call that is cancelled before its body has come ends", arguments: Kind.allCases)
    func cancelledEarly(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            try node.request(1, isEnd: false)
            try node.send(Frame(.cancel, call: 1, isEnd: true))
            #expect(try await node.answer(1).failure?.type == "Cancelled")
        }
    }

    @Test("calls at once do not wait for one another", arguments: [Kind.threaded, .tasks])
    func concurrent(kind: Kind) async throws {
        _ = try await serve(kind) { node in
            for call in 1...4 as ClosedRange<UInt64> { try node.request(call, isEnd: false) }
            for call in (1...4 as ClosedRange<UInt64>).reversed() {
                try node.send(Frame(.body, call: call, isEnd: true, payload: [UInt8(call)]))
                #expect(try await node.answer(call).body == [UInt8(call)])
            }
        }
    }

    @Test(
        "a broken protocol ends serving",
        arguments: Kind.allCases,
        [
            Frame(.ready, call: 0), Frame(.body, call: 77), Frame(.request, call: 5),
            Frame(.cancel, call: 1, payload: [1]),
            Frame(.response, call: 1),
        ]
    )
    func violation(kind: Kind, frame: Frame) async throws {
        let closure = try await serve(kind) { node in
            try node.send(frame)
            while try await node.receive() != nil {}
        }
        #expect(closure.exitCode == 70)
        #expect(closure.complaint != nil)
    }

    @Test("more calls than the instance takes are a broken protocol")
    func tooMany() async throws {
        let closure = try await serve(.sequential) { node in
            try node.request(1, isEnd: false)
            try node.request(2)
            while try await node.receive() != nil {}
        }
        #expect(closure == .violated(.tooManyCalls(limit: 1)))
    }

    @Test("a streaming function passes a body through that is larger than all windows", arguments: [1, 4])
    func streaming(concurrency: Int) async throws {
        let closure = try await serve { descriptor in
            let environment = InstanceEnvironment(function: "f", concurrency: concurrency)
            return try Launcher.serve(streaming: TestStream.self, on: descriptor, in: environment)
        } test: { node in
            try node.request(1, isEnd: false)
            var received = 0
            for _ in 0..<40 {
                try node.send(Frame(.body, call: 1, payload: [UInt8](repeating: 3, count: 50_000)))
                while received < 50_000, let frame = try await node.receive() {
                    guard frame.type == .body else { continue }
                    received += frame.payload.count
                    try node.grant(UInt32(frame.payload.count), to: 1)
                }
                received -= 50_000
            }
            try node.send(Frame(.body, call: 1, isEnd: true))
            #expect(try await node.answer(1).failure == nil)
            try node.request(2, path: "/nothing")
            #expect(try await node.answer(2).status == 200)
            try node.request(3, path: "/late")
            #expect(try await node.answer(3).failure?.type == "Late")
        }
        #expect(closure == .ended)
    }
}
