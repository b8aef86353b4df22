import AsyncHTTPClient
import Bundles
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// A node of its own for a test: a real process on a free loopback port with a throw-away data folder.
final class TestNode: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A client that reports a refused connection at once instead of trying again: nodes are killed here.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    let account: Account
    let data: String
    private let options: [String]
    let name: String?
    /// Variables that its process gets besides.
    private let environment: [String: String]
    private let state = Mutex<(process: Process?, access: ClientAccess?)>((nil, nil))

    init(
        account: Account,
        data: String,
        options: [String],
        name: String? = nil,
        environment: [String: String] = [:]
    ) {
        self.environment = environment
        self.account = account
        self.data = data
        self.options = options
        self.name = name
    }

    /// A fresh data folder that belongs to the account.
    static func makeFolder(for account: Account) throws -> String {
        let data = NSTemporaryDirectory() + "godwit-test-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        if account == .ordinary, geteuid() == 0 {
            let owner: [FileAttributeKey: Any] = [.ownerAccountID: 65534, .groupOwnerAccountID: 65534]
            try FileManager.default.setAttributes(owner, ofItemAtPath: data)
        }
        return data
    }

    /// Runs a node for the time of `body`, then ends it and checks that nothing of it is left.
    static func run<Result>(
        as account: Account,
        options: [String] = [],
        environment: [String: String] = [:],
        connections: Connections? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (TestNode) async throws -> Result
    ) async throws -> Result {
        let data = try makeFolder(for: account)
        let file = try connections.map { try Configuration.file("limits: {\($0.limits)}\n") }
        let options = options + (file.map { ["--config", $0] } ?? [])
        let node = TestNode(account: account, data: data, options: options, environment: environment)
        defer {
            for path in [data, data + ".log", file].compactMap(\.self) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        do {
            try await node.start()
            let result = try await body(node)
            try await node.stop()
            return result
        } catch {
            node.kill()
            throw Failure(description: "\(error)\n--- log of the node ---\n\(node.log.suffix(4000))")
        }
    }

    var url: String { state.withLock { $0.access?.url ?? "" } }
    var token: String { state.withLock { $0.access?.token ?? "" } }
    var port: Int { Int(url.split(separator: ":").last ?? "") ?? 0 }
    var pid: Int32 { state.withLock { $0.process?.processIdentifier ?? 0 } }
    var log: String { (try? String(contentsOfFile: data + ".log", encoding: .utf8)) ?? "" }

    /// Starts the process and waits until it answers.
    func start() async throws {
        let process = Process()
        let listen = port == 0 ? "127.0.0.1:0" : "127.0.0.1:\(port)"
        let name = self.name ?? "t-" + (data.split(separator: "-").last ?? "x")
        let words =
            account.prefix + [Programs.godwit, "up", "--data", data, "--listen", listen, "--name", name] + options
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        _ = FileManager.default.createFile(atPath: data + ".log", contents: nil)
        let log = FileHandle(forWritingAtPath: data + ".log")
        process.standardError = log
        process.standardOutput = log
        process.standardInput = FileHandle.nullDevice
        try process.run()
        state.withLock { $0.process = process }
        for _ in 0..<400 {
            guard process.isRunning else { throw Failure(description: "the node ended at its start") }
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: data + "/client.json"))
            if let bytes, let access = try? JSONDecoder().decode(ClientAccess.self, from: bytes) {
                state.withLock { $0.access = access }
                if await isReady() { return }
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failure(description: "the node was not ready in time")
    }

    private func isReady() async -> Bool {
        // The client here does not trust the certificates that nodes make for themselves.
        if url.hasPrefix("https") { return true }
        guard let response = try? await send(.GET, "/readyz") else { return false }
        return response.status == 200
    }

    /// Ends it as an operator would, and waits; throws when it does not end well or leaves processes behind.
    func stop() async throws {
        guard let process = state.withLock({ $0.process }) else { return }
        // Under setpriv the process is the node itself: exec keeps the id.
        Foundation.kill(process.processIdentifier, SIGTERM)
        for _ in 0..<1200 where process.isRunning { try await Task.sleep(for: .milliseconds(25)) }
        guard !process.isRunning else { throw Failure(description: "the node did not end") }
        guard process.terminationStatus == 0 else {
            throw Failure(description: "the node ended with status \(process.terminationStatus)")
        }
        state.withLock { $0.process = nil }
        let left = Leftovers.processes(of: data)
        guard left.isEmpty else { throw Failure(description: "processes were left behind: \(left)") }
        try? FileManager.default.removeItem(atPath: data + ".log")
    }

    /// Ends it as a power cut would.
    func kill() {
        guard let process = state.withLock({ $0.process }) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        state.withLock { $0.process = nil }
    }

    // MARK: - Requests

    struct Answer: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        func json<T: Decodable>(_ type: T.Type) throws -> T { try JSONDecoder().decode(type, from: Data(body)) }

        var problem: Problem? { try? json(Problem.self) }
    }

    /// Sends a request with the operator's token and collects the answer.
    func send(
        _ method: HTTPMethodName,
        _ path: String,
        body: [UInt8]? = nil,
        headers: [(String, String)] = [],
        token: String?? = nil,
        timeout: Int64 = 60
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method.rawValue)
        if let token = token ?? self.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(timeout))
        let bytes = try await response.body.collect(upTo: 512 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: response.headers.map { ($0.name, $0.value) },
            body: Array(bytes.readableBytesView)
        )
    }

    /// Calls a function.
    func call(
        _ path: String,
        _ body: String? = nil,
        headers: [(String, String)] = [],
        timeout: Int64 = 60
    ) async throws -> Answer {
        try await send(
            body == nil ? .GET : .POST,
            "/function/" + path,
            body: body.map { Array($0.utf8) },
            headers: headers,
            timeout: timeout
        )
    }

    // MARK: - Functions

    /// Publishes a Python function from its source.
    @discardableResult
    func publishPython(_ name: String, _ source: String, _ fields: String = "") async throws -> PublishResult {
        try await publish(
            name,
            manifest: "name: \(name)\nruntime: python3\n\(fields)\n",
            files: [("handler.py", source, false)]
        )
    }

    /// Publishes an executable script.
    @discardableResult
    func publishScript(_ name: String, _ source: String, _ fields: String = "") async throws -> PublishResult {
        let manifest = "name: \(name)\nruntime: exec\nhandler: run\n\(fields)\n"
        return try await publish(name, manifest: manifest, files: [("run", source, true)])
    }

    /// Publishes the Swift function that uses much of what functions use.
    func publishWorkingFunction(_ fields: String = "") async throws {
        try await publishSwift("working", Programs.workingFunction, fields)
    }

    /// Publishes a Swift function that is built beside the tests.
    func publishSwift(_ name: String, _ program: String, _ fields: String = "") async throws {
        let path = NSTemporaryDirectory() + "bundle-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let manifest = "name: \(name)\nruntime: swift\nhandler: program\n\(fields)\n"
        let executable = BundleEntry.Content.file(path: program)
        _ = try BundleWriter().write(
            [
                BundleEntry(path: "function.yaml", content: .bytes(Array(manifest.utf8))),
                BundleEntry(path: "program", content: executable, isExecutable: true),
            ],
            to: path
        )
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let answer = try await send(.PUT, "/v1/functions/\(name)", body: Array(bytes), timeout: 60)
        guard answer.status == 201 else { throw Failure(description: "\(answer.status) \(answer.text)") }
    }

    /// Publishes a bundle of these files.
    func publish(
        _ name: String,
        manifest: String,
        files: [(path: String, text: String, isExecutable: Bool)]
    ) async throws -> PublishResult {
        let answer = try await upload(name, manifest: manifest, files: files)
        guard answer.status == 201 || answer.status == 200 else {
            throw Failure(description: "publishing \(name): \(answer.status) \(answer.text)")
        }
        return try answer.json(PublishResult.self)
    }

    func upload(
        _ name: String,
        manifest: String,
        files: [(path: String, text: String, isExecutable: Bool)]
    ) async throws -> Answer {
        let path = NSTemporaryDirectory() + "bundle-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let entries =
            [BundleEntry(path: "function.yaml", content: .bytes(Array(manifest.utf8)))]
            + files.map {
                BundleEntry(path: $0.path, content: .bytes(Array($0.text.utf8)), isExecutable: $0.isExecutable)
            }
        _ = try BundleWriter().write(entries, to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return try await send(.PUT, "/v1/functions/\(name)", body: Array(bytes))
    }

    /// The record of an execution, once it is final or `seconds` have passed.
    func awaitEnd(of id: String, seconds: Int = 30) async throws -> ExecutionRecord {
        try await send(.GET, "/v1/executions/\(id)?wait=\(seconds)s", timeout: Int64(seconds) + 10)
            .json(ExecutionRecord.self)
    }
}
