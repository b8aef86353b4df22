import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import NIOSSL

/// Talks HTTP to one node.
struct NodeClient: Sendable {
    let access: NodeAccess
    private let http: HTTPClient

    /// Finds the node, hands a client of it to `body`, and closes it after that.
    static func with<T>(
        _ options: NodeOptions,
        _ context: CommandContext,
        _ body: (NodeClient) async throws -> T
    ) async throws -> T {
        try await with(options.connection, data: options.data, context, body)
    }

    static func with<T>(
        _ options: ConnectionOptions,
        data: String?,
        _ context: CommandContext,
        _ body: (NodeClient) async throws -> T
    ) async throws -> T {
        let locator = NodeLocator(environment: context.environment, isRoot: context.isRoot) { path in
            System.open(path).map { descriptor in
                defer { System.close(descriptor) }
                return System.readAll(descriptor)
            }
        }
        let access = try locator.locate(options, data: data)
        if access.isExposed { context.console.note("godwit: warning: the token travels unencrypted to \(access.url)") }
        let client = try NodeClient(access)
        do {
            let result = try await body(client)
            try await client.http.shutdown()
            return result
        } catch {
            try? await client.http.shutdown()
            throw error
        }
    }

    private init(_ access: NodeAccess) throws {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5))
        )
        configuration.httpVersion = .http1Only
        // A node that is not there is not there: tell at once instead of trying until the time is up.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let certificate = access.certificate {
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(certificate))]
            } catch {
                throw CommandFailure("the certificate '\(certificate)' cannot be read; check --certificate")
            }
            configuration.tlsConfiguration = tls
        }
        self.access = access
        self.http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request and gives whatever is answered.
    ///
    /// `timeout` bounds the time until the head of the answer; `path` is escaped already.
    func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: RequestBody = .none,
        timeout: TimeSpan = .seconds(60)
    ) async throws -> NodeAnswer {
        var request = HTTPClientRequest(url: access.url + path)
        request.method = HTTPMethod(rawValue: method)
        if let token = access.token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        switch body {
        case .none: break
        case .bytes(let bytes): request.body = .bytes(ByteBuffer(bytes: bytes))
        case .file(let path, let size, let sent):
            request.body = .stream(FileChunks(path: path, sent: sent), length: .known(Int64(clamping: size)))
        }
        do {
            return NodeAnswer(try await http.execute(request, timeout: .microseconds(timeout.microseconds)))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw unreachable(error, timeout: timeout)
        }
    }

    /// Sends a request whose answer must be a success; anything else becomes an error.
    func require(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: RequestBody = .none,
        timeout: TimeSpan = .seconds(60)
    ) async throws -> NodeAnswer {
        let answer = try await send(method, path, headers: headers, body: body, timeout: timeout)
        if answer.isSuccess { return answer }
        if let failure = try await answer.failure() { throw failure }
        throw CommandFailure("\(access.url) answered with status \(answer.status); is it a Godwit node?")
    }

    /// Gets a JSON value.
    func value<T: Decodable>(
        _ type: T.Type,
        _ path: String,
        by method: String = "GET",
        body: RequestBody = .none
    ) async throws -> Fetched<T> {
        let headers = if case .none = body { [(String, String)]() } else { [("Content-Type", "application/json")] }
        let bytes = try await require(method, path, headers: headers, body: body).bytes()
        do {
            return Fetched(value: try JSONText.value(type, from: bytes), json: bytes)
        } catch {
            throw CommandFailure("the answer of \(access.url) is not understood; do node and command line match?")
        }
    }

    private func unreachable(_ error: any Error, timeout: TimeSpan) -> CommandFailure {
        if error as? HTTPClientError == .deadlineExceeded {
            return CommandFailure(.unreachable, "\(access.url) did not answer within \(timeout)")
        }
        if error is NIOSSLError || error is NIOSSLExtraError {
            return CommandFailure(
                .unreachable,
                "no trusted connection to \(access.url): \(error); name the node's certificate with --certificate"
            )
        }
        return CommandFailure(
            .unreachable,
            "cannot reach the node at \(access.url): \(Reason.of(error)); is it running? `godwit up` starts one"
        )
    }
}
