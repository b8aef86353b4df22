#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A node of our own: `godwit up` with a data folder that is thrown away.
final class Node {
    /// The programs that are the node itself; everything else below it is functions.
    private static let programs: Set<String> = ["godwit", "godwit-spawner"]
    /// Time that calls in flight get, and a bit.
    private static let patience = 20_000

    private var child: Child?
    private let program: String
    private let data: String
    private let access: Access
    let port: UInt16
    let process: Int32
    private var isEncrypted: Bool { access.url.hasPrefix("https") }

    /// What `client.json` says.
    private struct Access: Decodable {
        let url: String
        let token: String
    }

    /// Starts a node and waits until it is ready.
    init(program: String, data: String, log: String, options: [String] = []) throws {
        guard System.isExecutable(program) else {
            throw BenchError("there is no godwit at \(program): build it, or name it with --godwit")
        }
        guard let output = System.create(log) else { throw BenchError("'\(log)' cannot be written") }
        defer { System.close(output) }
        var child = try Child(
            [program, "up", "--data", data, "--listen", "127.0.0.1:0", "--log-format", "json"] + options,
            output: output,
            error: output
        )
        self.access = try Self.waitUntilReady(&child, data: data, log: log)
        guard let port = UInt16(access.url.split(separator: ":").last?.prefix { $0.isNumber } ?? "") else {
            throw BenchError("the node's address '\(access.url)' has no port")
        }
        self.port = port
        self.process = child.process
        self.program = program
        self.data = data
        self.child = consume child
    }

    private static func waitUntilReady(_ child: inout Child, data: String, log: String) throws -> Access {
        for _ in 0..<400 {
            if let code = child.exitCode() {
                let said = System.text(of: log)?.split(separator: "\n").suffix(3).joined(separator: "; ") ?? ""
                throw BenchError("the node ended with \(code): \(said)")
            }
            if let text = System.text(of: "\(data)/client.json"),
                let access = try? JSONDecoder().decode(Access.self, from: Data(text.utf8)),
                let port = UInt16(access.url.split(separator: ":").last?.prefix { $0.isNumber } ?? "")
            {
                // What is written once it listens; there is no client for TLS here.
                if access.url.hasPrefix("https") { return access }
                guard var connection = try? HTTPConnection(port: port),
                    let answer = try? connection.request("GET", "/readyz"), answer.status == 200
                else {
                    try System.sleep(milliseconds: 50)
                    continue
                }
                return access
            }
            try System.sleep(milliseconds: 50)
        }
        throw BenchError("the node was not ready within 20 s: \(System.text(of: log)?.suffix(300) ?? "")")
    }

    /// The address that calls a function.
    func url(of function: String) -> String {
        "\(isEncrypted ? "https" : "http")://127.0.0.1:\(port)/function/\(function)"
    }

    /// The address that calls a function without waiting for it.
    func asyncURL(of function: String) -> String { "http://127.0.0.1:\(port)/async-function/\(function)" }

    /// Publishes the function in a folder.
    func deploy(_ folder: String) throws {
        try Command(program, "deploy", folder, "--data", data).run()
    }

    /// Gives the command with which a node of a tier joins this one's continuum.
    func invite(tier: String) throws -> String {
        try Command(program, "invite", "--tier", tier, "--data", data).run()
    }

    /// Sends one request with the operator's token.
    func request(_ method: String, _ path: String, body: [UInt8] = []) throws -> HTTPAnswer {
        var connection = try HTTPConnection(port: port)
        return try connection.request(method, path, token: access.token, body: body)
    }

    /// The node with everything below it.
    var family: ProcessFamily { ProcessFamily(of: process) }
    /// The node itself: gateway and spawner.
    static func platform(_ family: ProcessFamily) -> ProcessFamily { family.running(programs) }
    /// The functions' processes.
    static func functions(_ family: ProcessFamily) -> ProcessFamily { family.running(otherThan: programs) }

    /// Ends it; gives whether it ended by itself.
    func stop() -> Bool {
        guard let child = child.take() else { return true }
        return child.stop(within: Self.patience)
    }
}
