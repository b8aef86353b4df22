import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that answers what a test tells it to, and remembers what it was asked.
final class FakeNode: Sendable {
    struct Request: Sendable {
        var line: String
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body = ""
        /// Closes the connection without an answer.
        var isSilent = false

        static func json(_ body: String, status: Int = 200) -> Answer {
            Answer(status: status, headers: [("Content-Type", "application/json")], body: body)
        }

        static func problem(_ kind: String, status: Int, origin: String) -> Answer {
            let body = """
                {"type":"urn:godwit:problem:\(kind)","title":"A title","status":\(status),"detail":"the detail",\
                "callId":"01arz3ndektsv4rrffq69g5fav","logs":["one\\u001b[31m","two"]}
                """
            let headers = [("Content-Type", "application/problem+json"), ("Godwit-Error", origin)]
            return Answer(status: status, headers: headers, body: body)
        }
    }

    private let seen = Mutex<[Request]>([])
    private let answer: @Sendable (Request) -> Answer

    private init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

    var requests: [Request] { seen.withLock { $0 } }

    /// Runs a server on a free loopback port for as long as `body` takes.
    static func with<T>(
        _ answer: @escaping @Sendable (Request) -> Answer,
        _ body: (FakeNode, String) async throws -> T
    ) async throws -> T {
        let node = FakeNode(answer)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(node: node))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        do {
            let result = try await body(node, "http://127.0.0.1:\(port)")
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private func take(_ request: Request) -> Answer {
        seen.withLock { $0.append(request) }
        return answer(request)
    }

    /// Collects a request and writes the answer.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let node: FakeNode
        private var request = Request(line: "")

        init(node: FakeNode) { self.node = node }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(line: "\(head.method.rawValue) \(head.uri)")
                for (name, value) in head.headers { request.headers[name.lowercased()] = value }
            case .body(let bytes): request.body += Array(bytes.readableBytesView)
            case .end:
                let answer = node.take(request)
                if answer.isSilent { return context.close(promise: nil) }
                var headers = HTTPHeaders(answer.headers)
                headers.replaceOrAdd(name: "Content-Length", value: "\(answer.body.utf8.count)")
                let head = HTTPResponseHead(
                    version: .http1_1,
                    status: HTTPResponseStatus(statusCode: answer.status),
                    headers: headers
                )
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
